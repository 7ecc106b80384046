package com.fulcrologic.datomiccloudbackup.store.s3;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Gives one answer to every request: what no S3 server at hand gives. */
final class ScriptedServer implements AutoCloseable {
  private final HttpServer server;
  private final AtomicInteger requestCount;

  private ScriptedServer(HttpServer server, AtomicInteger requestCount) {
    this.server = server;
    this.requestCount = requestCount;
  }

  /** Answers with the status, and S3's error of this code; with another text, when it is none. */
  static ScriptedServer answering(int status, String code) throws IOException {
    return answeringBody(
        status,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>"
            + code
            + "</Code><Message>m</Message><RequestId>r</RequestId></Error>");
  }

  static ScriptedServer answeringBody(int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    AtomicInteger requestCount = new AtomicInteger();
    server.createContext(
        "/",
        exchange -> {
          requestCount.incrementAndGet();
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().add("Content-Type", "application/xml");
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    return new ScriptedServer(server, requestCount);
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  int requestCount() {
    return requestCount.get();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
