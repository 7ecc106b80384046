package com.fulcrologic.datomiccloudbackup.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.Lag;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
    assertThat(calls.poll(1, TimeUnit.MINUTES)).isNotNull();
    Heartbeat heartbeat = Heartbeat.ofBackup(url(), MAX);
    heartbeat.backupLag("a", STALE);
    heartbeat.restoreLag("a", Lag.NONE);
    assertThat(calls.poll(2, TimeUnit.SECONDS)).as("stale, or another's").isNull();
    heartbeat.backupLag("a", Lag.NONE);
    assertThat(calls.poll(1, TimeUnit.MINUTES)).isEqualTo("GET /beat?secret=1");
    Heartbeat ofRestore = Heartbeat.ofRestore(url(), MAX);
    ofRestore.backupLag("a", Lag.NONE);
    ofRestore.restoreLag("a", new Lag(5, MAX));
    assertThat(calls.poll(1, TimeUnit.MINUTES)).isEqualTo("GET /beat?secret=1");
    assertThat(calls).isEmpty();
  }

  @Test
  void aFailureIsNotFatalAndNotTheLast() throws InterruptedException {
    status = 500;
    Heartbeat heartbeat = Heartbeat.ofBackup(url(), MAX);
    int answered = 0;
    while (answered < 2) { // the first call may still be on its way when the second would be made
      heartbeat.backupLag("a", Lag.NONE);
      answered += calls.poll(10, TimeUnit.MILLISECONDS) == null ? 0 : 1;
    }
    Heartbeat nobody = Heartbeat.ofBackup(url(), MAX);
    server.stop(0);
    nobody.backupLag("a", Lag.NONE);
    nobody.backupLag("a", Lag.NONE);
  }

  @Test
  void whatIsNoUrlIsRefusedWithoutQuotingIt() {
    assertThatThrownBy(() -> Heartbeat.ofBackup(URI.create("ftp://secret@host/"), MAX))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageNotContaining("secret");
  }

  private URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/beat?secret=1");
  }
}
