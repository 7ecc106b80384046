package com.fulcrologic.datomiccloudbackup.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A stretch of network that can be cut, and laid to another server: it carries bytes between
 * whoever connects and a server. Thread-safe; its threads are daemons.
 */
public final class CuttableProxy implements AutoCloseable {
  private final ServerSocket entrance;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Optional<URI> server = Optional.empty();

  public CuttableProxy() throws IOException {
    entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  /** Where to connect to, as an HTTP endpoint. */
  public String endpoint() {
    return "http://127.0.0.1:" + entrance.getLocalPort();
  }

  /** Leads to this server from now on; what was open before breaks. */
  public void leadTo(String endpoint) {
    server = Optional.of(URI.create(endpoint));
    open.forEach(CuttableProxy::abort);
  }

  /** Breaks what is open, and whatever comes. */
  public void cut() {
    server = Optional.empty();
    open.forEach(CuttableProxy::abort);
  }

  @Override
  public void close() throws IOException {
    entrance.close();
    cut();
  }

  private void accept() {
    try {
      while (true) {
        Socket caller = entrance.accept();
        daemon(() -> carry(caller));
      }
    } catch (IOException closed) {
      return;
    }
  }

  private void carry(Socket caller) {
    Optional<URI> destination = server;
    open.add(caller);
    try (caller) {
      if (destination.isEmpty()) {
        return;
      }
      URI uri = destination.get();
      try (Socket called = new Socket(uri.getHost(), uri.getPort())) {
        open.add(called);
        if (!destination.equals(server)) { // cut, while this one was being connected
          return;
        }
        daemon(() -> copy(called, caller));
        copy(caller, called);
      }
    } catch (IOException broken) {
      abort(caller);
    }
  }

  private void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[8192];
      for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
        out.write(bytes, 0, count);
        out.flush();
      }
    } catch (IOException broken) {
      return;
    } finally {
      open.remove(from);
      open.remove(to);
      abort(from);
      abort(to);
    }
  }

  private static void abort(Socket socket) {
    try {
      socket.close();
    } catch (IOException closed) {
      return;
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "proxy");
    thread.setDaemon(true);
    thread.start();
  }
}
