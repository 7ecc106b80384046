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

/**
 * The output streams of a command.
 *
 * @param out for results
 * @param err for failures and progress
 * @param isTerminal whether {@code err} is a terminal
 */
record Console(PrintStream out, PrintStream err, boolean isTerminal) {
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

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
