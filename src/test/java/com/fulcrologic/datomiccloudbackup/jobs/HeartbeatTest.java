package com.fulcrologic.datomiccloudbackup.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.Lag;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls a real server, while fresh, and survives one that is not there. */
class HeartbeatTest {
  private static final Lag STALE = new Lag(1, Duration.ofMinutes(16));
  private static final Duration MAX = Duration.ofMinutes(15);

  private final BlockingQueue<String> calls = new ArrayBlockingQueue<>(16);
  private HttpServer server;
  private volatile int status = 204;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
          calls.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void isCalledWhileFreshAndOnlyThen() throws InterruptedException {
    Heartbeat warmingUp = Heartbeat.ofBackup(url(), MAX);
    warmingUp.backupLag("a", Lag.NONE);
    warmingUp.backupHealthy("a");
    assertThat(calls.poll(1, TimeUnit.MINUTES)).isNotNull();
    Heartbeat heartbeat = Heartbeat.ofBackup(url(), MAX);
    heartbeat.backupHealthy("a");
    heartbeat.backupLag("a", STALE);
    heartbeat.backupHealthy("a");
    heartbeat.restoreLag("a", Lag.NONE);
    heartbeat.restoreHealthy("a");
    heartbeat.backupLag("a", Lag.NONE);
    assertThat(calls.poll(2, TimeUnit.SECONDS)).as("stale, another's, or not healthy").isNull();
    heartbeat.backupHealthy("a");
    assertThat(calls.poll(1, TimeUnit.MINUTES)).isEqualTo("GET /beat?secret=1");
    Heartbeat ofRestore = Heartbeat.ofRestore(url(), MAX);
    ofRestore.backupLag("a", Lag.NONE);
    ofRestore.backupHealthy("a");
    ofRestore.restoreLag("a", new Lag(5, MAX));
    ofRestore.restoreHealthy("a");
    assertThat(calls.poll(1, TimeUnit.MINUTES)).isEqualTo("GET /beat?secret=1");
    assertThat(calls).isEmpty();
  }

  /** Each half for itself could be well while nothing gets across. */
  @Test
  void ofAReplicationNeedsBothHalves() throws InterruptedException {
    AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    Heartbeat heartbeat = Heartbeat.ofReplication(url(), MAX, nanos::get);
    heartbeat.restoreLag("a", Lag.NONE);
    heartbeat.restoreHealthy("a");
    heartbeat.backupLag("a", Lag.NONE);
    heartbeat.backupHealthy("a");
    nanos.addAndGet(MAX.toNanos() + 1);
    heartbeat.restoreHealthy("a");
    assertThat(calls.poll(2, TimeUnit.SECONDS)).as("of one half").isNull();
    heartbeat.backupHealthy("a");
    nanos.addAndGet(MAX.toNanos());
    heartbeat.restoreHealthy("a");
    assertThat(calls.poll(1, TimeUnit.MINUTES)).isEqualTo("GET /beat?secret=1");
  }

  @Test
  void aFailureIsNotFatalAndNotTheLast() throws InterruptedException {
    status = 500;
    Heartbeat heartbeat = Heartbeat.ofBackup(url(), MAX);
    int answered = 0;
    while (answered < 2) { // the first call may still be on its way when the second would be made
      heartbeat.backupLag("a", Lag.NONE);
      heartbeat.backupHealthy("a");
      answered += calls.poll(10, TimeUnit.MILLISECONDS) == null ? 0 : 1;
    }
    Heartbeat nobody = Heartbeat.ofBackup(url(), MAX);
    server.stop(0);
    nobody.backupLag("a", Lag.NONE);
    nobody.backupHealthy("a");
    nobody.backupHealthy("a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://secret@host/", "http://secret:65536/", "https:secret", "secret"})
  void whatIsNoUrlIsRefusedWithoutQuotingIt(String url) {
    assertThatThrownBy(() -> Heartbeat.ofBackup(URI.create(url), MAX))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageNotContaining("secret");
  }

  private URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/beat?secret=1");
  }
}
