package com.fulcrologic.datomiccloudbackup.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The output streams of a command, and the status line on a terminal. Thread-safe. */
final class Console {
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private static final String CLEAR = "\r\u001b[K";
  private static final String WRAP_OFF = "\u001b[?7l";
  private static final String WRAP_ON = "\u001b[?7h";

  private final PrintStream out;
  private final PrintStream err;
  private final boolean isTerminal;
  private boolean isStateShown;

  Console(PrintStream out, PrintStream err, boolean isTerminal) {
    this.out = out;
    this.err = err;
    this.isTerminal = isTerminal;
  }

  /** For results; the status line is removed first. */
  PrintStream out() {
    clear();
    return out;
  }

  /** For failures and lines of progress; the status line is removed first. */
  PrintStream err() {
    clear();
    return err;
  }

  boolean isTerminal() {
    return isTerminal;
  }

  /**
   * Shows a passing state, in one line at the bottom of a terminal; nothing where there is none.
   * The terminal cuts what does not fit its width, so that the line never wraps.
   */
  synchronized void show(String state) {
    if (isTerminal) {
      err.print(CLEAR + WRAP_OFF + state + WRAP_ON);
      err.flush();
      isStateShown = true;
    }
  }

  /** Removes the passing state, if there is one. */
  synchronized void clear() {
    if (isStateShown) {
      err.print(CLEAR);
      err.flush();
      isStateShown = false;
    }
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
}
