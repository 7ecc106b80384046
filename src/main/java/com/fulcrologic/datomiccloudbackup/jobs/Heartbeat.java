package com.fulcrologic.datomiccloudbackup.jobs;

import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.Lag;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a URL, by GET, with each poll of a job that is healthy and within the allowed lag. A
 * monitor that waits for the calls notices when they stop, for any reason. A job is healthy when it
 * has just reached all systems that it works with ({@link CloningListener#backupHealthy}). One call
 * runs at a time, for ten seconds at most. A failed call is logged without the URL, which may hold
 * a secret. Thread-safe.
 */
public final class Heartbeat implements CloningListener {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int PORT_MAX = 65_535;

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(TIMEOUT)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();
  private final AtomicBoolean isCalling = new AtomicBoolean();
  private final HttpRequest request;
  private final Duration lagMax;
  private final boolean needsBackup;
  private final boolean needsRestore;
  private final LongSupplier nanoClock;
  private volatile @Nullable Lag backupLag;
  private volatile @Nullable Lag restoreLag;
  private volatile @Nullable Long backupHealthyNanos;

  private Heartbeat(
      URI url, Duration lagMax, boolean needsBackup, boolean needsRestore, LongSupplier nanoClock) {
    this.needsBackup = needsBackup;
    this.needsRestore = needsRestore;
    this.nanoClock = nanoClock;
    try {
      if (url.getPort() > PORT_MAX) {
        throw new IllegalArgumentException("no such port");
      }
      this.request = HttpRequest.newBuilder(url).timeout(TIMEOUT).GET().build();
    } catch (IllegalArgumentException noUrl) {
      throw new InvalidConfigurationException(
          "Failed to set up the heartbeat: its URL is not one of http or https",
          "write it like https://example.org/beat");
    }
    this.lagMax = lagMax;
  }

  /**
   * A heartbeat for a backup.
   *
   * @param url of http or https
   * @param lagMax the largest lag at which the URL is called
   */
  public static Heartbeat ofBackup(URI url, Duration lagMax) {
    return new Heartbeat(url, lagMax, true, false, System::nanoTime);
  }

  /** The same for a following restore. */
  public static Heartbeat ofRestore(URI url, Duration lagMax) {
    return new Heartbeat(url, lagMax, false, true, System::nanoTime);
  }

  /**
   * The same for a replication: its restore is within {@code lagMax}, and its backup was healthy
   * within the last {@code lagMax}.
   */
  public static Heartbeat ofReplication(URI url, Duration lagMax) {
    return ofReplication(url, lagMax, System::nanoTime);
  }

  static Heartbeat ofReplication(URI url, Duration lagMax, LongSupplier nanoClock) {
    return new Heartbeat(url, lagMax, true, true, nanoClock);
  }

  @Override
  public void backupLag(String name, Lag lag) {
    backupLag = lag;
  }

  @Override
  public void restoreLag(String name, Lag lag) {
    restoreLag = lag;
  }

  @Override
  public void backupHealthy(String name) {
    backupHealthyNanos = nanoClock.getAsLong();
    if (!needsRestore) {
      beat(backupLag);
    }
  }

  @Override
  public void restoreHealthy(String name) {
    if (needsRestore && (!needsBackup || wasBackupHealthy())) {
      beat(restoreLag);
    }
  }

  private boolean wasBackupHealthy() {
    Long nanos = backupHealthyNanos;
    return nanos != null && nanoClock.getAsLong() - nanos <= lagMax.toNanos();
  }

  private void beat(@Nullable Lag lag) {
    if (lag != null && lag.isWithin(lagMax) && isCalling.compareAndSet(false, true)) {
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
