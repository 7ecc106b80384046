package com.fulcrologic.datomiccloudbackup.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The output streams of a command, and the status line on a terminal. Thread-safe. */
final class Console {
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private final PrintStream out;
  private final PrintStream err;
  private final boolean isTerminal;
  private final StatusLine status;

  /**
   * @param out for results
   * @param err for failures and progress
   * @param isTerminal whether {@code err} is a terminal
   */
  Console(PrintStream out, PrintStream err, boolean isTerminal) {
    this.out = out;
    this.err = err;
    this.isTerminal = isTerminal;
    this.status = new StatusLine(err);
  }

  /** For results; the status line is removed first. */
  PrintStream out() {
    status.clear();
    return out;
  }

  /** For failures and lines of progress; the status line is removed first. */
  PrintStream err() {
    status.clear();
    return err;
  }

  boolean isTerminal() {
    return isTerminal;
  }

  /** Shows a passing state; nothing where there is no terminal. */
  void show(String state) {
    if (isTerminal) {
      status.show(state);
    }
  }

  /** Removes the passing state. */
  void clear() {
    status.clear();
  }

  /** This process's standard streams, in UTF-8 whatever the locale. */
  static Console ofProcess() {
    return new Console(utf8(FileDescriptor.out), utf8(FileDescriptor.err), isProcessOnTerminal());
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor)), true, StandardCharsets.UTF_8);
  }

  /** Whether this process's standard error is a terminal; false if that is unknown. */
  @SuppressWarnings("SystemConsoleNull") // depends on the Java version
  private static boolean isProcessOnTerminal() {
    if ("dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    try {
      if (Files.isSymbolicLink(STANDARD_ERROR)) {
        String device = Files.readSymbolicLink(STANDARD_ERROR).toString();
        return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
      }
    } catch (IOException unknown) {
      return false;
    }
    return Runtime.version().feature() < 22 && System.console() != null;
  }

  PrintWriter outWriter() {
    return new PrintWriter(out, true, StandardCharsets.UTF_8);
  }

  PrintWriter errWriter() {
    return new PrintWriter(err, true, StandardCharsets.UTF_8);
  }
}
