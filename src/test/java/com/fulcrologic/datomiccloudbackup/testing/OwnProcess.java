package com.fulcrologic.datomiccloudbackup.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * A process that a test has started, and what it prints, standard error included. Waits are
 * bounded; a wait that is in vain fails with all that was printed. Thread-safe.
 */
public final class OwnProcess implements AutoCloseable {
  private static final long WAIT_MAX_MINUTES = 5;

  private final Process process;
  private final Writer orders;
  private final List<String> lines = new ArrayList<>();
  private boolean isSilent;

  public OwnProcess(ProcessBuilder builder) throws IOException {
    process = builder.redirectErrorStream(true).start();
    orders = process.outputWriter(StandardCharsets.UTF_8);
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    Thread reader = new Thread(() -> read(output), "output of " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /** Says a line to its standard input. */
  public void say(String line) throws IOException {
    orders.write(line + "\n");
    orders.flush();
  }

  /** How many lines it has printed so far. */
  public synchronized int lineCount() {
    return lines.size();
  }

  /** The first of its lines, from that index, that holds this text; waits for it. */
  public synchronized String await(int fromLine, String text) throws Exception {
    Predicate<String> wanted = line -> line.contains(text);
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(WAIT_MAX_MINUTES);
    while (true) {
      var found = lines.stream().skip(fromLine).filter(wanted).findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      long leftMillis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (isSilent || leftMillis <= 0) {
        throw new AssertionError("it never said: " + text + "\n" + this);
      }
      wait(leftMillis);
    }
  }

  /** Its exit code, once it has ended. */
  public int exitCode() throws Exception {
    if (!process.waitFor(WAIT_MAX_MINUTES, TimeUnit.MINUTES)) {
      throw new TimeoutException("it never ended\n" + this);
    }
    synchronized (this) {
      while (!isSilent) {
        wait();
      }
    }
    return process.exitValue();
  }

  /** SIGTERM. */
  public void terminate() {
    process.toHandle().destroy(); // the process's own method closes its output
  }

  /** SIGINT, as ctrl-c sends it. */
  public void interrupt() throws Exception {
    Process kill = new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start();
    if (kill.waitFor() != 0) {
      throw new AssertionError("it had ended before\n" + this);
    }
  }

  /** SIGKILL. */
  public void kill() {
    process.toHandle().destroyForcibly();
  }

  /** Kills it where it still is. */
  @Override
  public void close() {
    kill();
  }

  private void read(BufferedReader output) {
    try {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        synchronized (this) {
          lines.add(line);
          notifyAll();
        }
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } finally {
      synchronized (this) {
        isSilent = true;
        notifyAll();
      }
    }
  }

  /** All that it has printed. */
  @Override
  public synchronized String toString() {
    return String.join("\n", lines);
  }
}
