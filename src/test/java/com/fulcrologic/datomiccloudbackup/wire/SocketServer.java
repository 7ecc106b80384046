package com.fulcrologic.datomiccloudbackup.wire;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Serves HTTP/1.1 on a socket, a thread for each connection. Sockets by hand, since no HTTP server
 * of the JDK can reset a connection, or cut a body.
 */
final class SocketServer implements AutoCloseable {
  private final ServerSocket listening;
  private final Function<WireRequest, WireReply> handler;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean isRefusing;

  SocketServer(ServerSocket listening, Function<WireRequest, WireReply> handler) {
    this.listening = listening;
    this.handler = handler;
    start("accept", this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Whether each new connection is closed at once, as by a node that is down; ends all others. */
  void refuse(boolean refusing) {
    isRefusing = refusing;
    if (refusing) {
      open.forEach(SocketServer::reset);
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException closed) {
      throw new IllegalStateException(closed);
    }
    open.forEach(SocketServer::reset);
  }

  private static void start(String name, Runnable task) {
    Thread thread = new Thread(task, "wire-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    boolean isClosed = false;
    while (!isClosed) {
      try {
        Socket socket = listening.accept();
        if (isRefusing) {
          reset(socket);
        } else {
          open.add(socket);
          start("connection", () -> serve(socket));
        }
      } catch (IOException closed) {
        isClosed = listening.isClosed();
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = new BufferedOutputStream(socket.getOutputStream());
      for (WireRequest request = read(in); request != null; request = read(in)) {
        if (!answer(socket, out, handler.apply(request))) {
          return;
        }
      }
    } catch (IOException gone) {
      return; // the client closed it, or this did
    } finally {
      open.remove(socket);
    }
  }

  private static @Nullable WireRequest read(InputStream in) throws IOException {
    String start = line(in);
    if (start == null || start.isEmpty()) {
      return null;
    }
    int methodEnd = start.indexOf(' ');
    int pathEnd = start.indexOf(' ', methodEnd + 1);
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int size = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new WireRequest(
        start.substring(0, methodEnd),
        start.substring(methodEnd + 1, pathEnd),
        headers,
        in.readNBytes(size));
  }

  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        return null;
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /** Whether the connection goes on. */
  private boolean answer(Socket socket, OutputStream out, WireReply reply) throws IOException {
    byte[] body = reply.body();
    switch (reply.fate()) {
      case RESET -> {
        reset(socket);
        return false;
      }
      case SILENCE -> {
        socket.getInputStream().read(); // until the other side, or close(), ends it
        return false;
      }
      default -> {
        String head =
            "HTTP/1.1 "
                + reply.status()
                + " is\r\nContent-Type: "
                + reply.contentType()
                + "\r\nContent-Length: "
                + body.length
                + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.UTF_8));
        boolean isCut = reply.fate() == WireReply.Fate.CUT;
        out.write(body, 0, isCut ? body.length / 2 : body.length);
        out.flush();
        if (isCut) {
          socket.close(); // an end of file where the length promises more
        }
        return !isCut;
      }
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException closed) {
      return; // so it is
    }
  }
}
