package com.fulcrologic.datomiccloudbackup.jobs;

import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.Lag;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a URL, by GET, with each poll of a job that is no further behind than allowed: whoever
 * waits for the calls notices when they stop coming, whatever the reason. One call at a time, of
 * ten seconds at most; one that fails is logged, without the URL, which may hold a secret.
 */
public final class Heartbeat implements CloningListener {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(TIMEOUT)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();
  private final AtomicBoolean isCalling = new AtomicBoolean();
  private final HttpRequest request;
  private final Duration lagMax;
  private final boolean isOfRestore;

  private Heartbeat(URI url, Duration lagMax, boolean isOfRestore) {
    try {
      this.request = HttpRequest.newBuilder(url).timeout(TIMEOUT).GET().build();
    } catch (IllegalArgumentException noUrl) {
      throw new InvalidConfigurationException(
          "Failed to set up the heartbeat: its URL is not one of http or https",
          "write it like https://example.org/beat");
    }
    this.lagMax = lagMax;
    this.isOfRestore = isOfRestore;
  }

  /**
   * For a backup.
   *
   * @param url of http or https
   * @param lagMax how far behind is still fresh
   */
  public static Heartbeat ofBackup(URI url, Duration lagMax) {
    return new Heartbeat(url, lagMax, false);
  }

  /** The same for a following restore, or a replication. */
  public static Heartbeat ofRestore(URI url, Duration lagMax) {
    return new Heartbeat(url, lagMax, true);
  }

  @Override
  public void backupLag(String name, Lag lag) {
    if (!isOfRestore) {
      beat(lag);
    }
  }

  @Override
  public void restoreLag(String name, Lag lag) {
    if (isOfRestore) {
      beat(lag);
    }
  }

  private void beat(Lag lag) {
    if (lag.isWithin(lagMax) && isCalling.compareAndSet(false, true)) {
      var unused =
          client
              .sendAsync(request, BodyHandlers.discarding())
              .whenComplete(
                  (response, failure) -> {
                    isCalling.set(false);
                    if (failure != null) {
                      Throwable cause = failure.getCause();
                      LOG.warn(
                          "heartbeat failed failure={}",
                          (cause == null ? failure : cause).getClass().getName());
                    } else if (response.statusCode() >= 400) {
                      LOG.warn("heartbeat refused status={}", response.statusCode());
                    }
                  });
    }
  }
}
