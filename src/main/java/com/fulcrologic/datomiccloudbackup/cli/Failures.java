package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import java.util.List;
import java.util.Optional;

/** Prints a failure in two lines; with {@code --json} an object, too; a trace on request. */
final class Failures {
  private static final int CAUSE_COUNT_MAX = 16;

  private final Console console;
  private final boolean isJson;
  private final boolean isVerbose;
  private final Optional<String> command;

  /** The arguments are as given: those that do not parse may request JSON, and name a command. */
  Failures(Console console, List<String> args) {
    this.console = console;
    this.isJson = args.contains(Command.JSON);
    this.isVerbose = args.contains(Command.VERBOSE);
    this.command = args.stream().limit(1).filter(UsageProblems::isCommandName).findFirst();
  }

  /** Prints it, and answers the exit code. */
  int print(Throwable failure) {
    if (isVerbose) {
      printTrace(failure);
    }
    return print(Problem.of(failure));
  }

  /** Prints it, and answers the exit code. */
  int print(Problem problem) {
    printLines(console, problem);
    if (isJson) {
      console.out().println(Json.write(Json.object("command", command, "error", problem.toJson())));
    }
    return problem.exitCode();
  }

  static void printLines(Console console, Problem problem) {
    console.err().println("error: " + problem.message());
    console.err().println("hint: " + problem.hint());
  }

  /** Prints frames and classes; texts only of this library's failures. */
  private void printTrace(Throwable failure) {
    Throwable each = failure;
    for (int depth = 0; each != null && depth < CAUSE_COUNT_MAX; depth++) {
      String name = each.getClass().getName();
      boolean isOurs =
          each instanceof BackupException
              || each.getClass().getNestHost().equals(AnomalyException.class); // names the class
      console
          .err()
          .println((depth == 0 ? "" : "Caused by: ") + name + (isOurs ? ": " + text(each) : ""));
      for (StackTraceElement frame : each.getStackTrace()) {
        console.err().println("\tat " + frame);
      }
      each = each.getCause();
    }
  }

  private static String text(Throwable known) {
    return String.valueOf(known.getMessage());
  }
}
