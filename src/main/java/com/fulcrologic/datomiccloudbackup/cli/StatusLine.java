package com.fulcrologic.datomiccloudbackup.cli;

import java.io.PrintStream;

/**
 * One line at the bottom of a terminal, which the next text replaces. The terminal cuts what does
 * not fit its width, so that the line never wraps. Thread-safe.
 */
final class StatusLine {
  private static final String CLEAR = "\r\u001b[K";
  private static final String WRAP_OFF = "\u001b[?7l";
  private static final String WRAP_ON = "\u001b[?7h";

  private final PrintStream terminal;
  private boolean isShown;

  StatusLine(PrintStream terminal) {
    this.terminal = terminal;
  }

  synchronized void show(String text) {
    terminal.print(CLEAR + WRAP_OFF + text + WRAP_ON);
    terminal.flush();
    isShown = true;
  }

  /** Removes the line, if there is one. */
  synchronized void clear() {
    if (isShown) {
      terminal.print(CLEAR);
      terminal.flush();
      isShown = false;
    }
  }
}
