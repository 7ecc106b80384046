package com.fulcrologic.datomiccloudbackup.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The common part of all commands: two options, and the report at the end. */
abstract class Command implements Callable<Integer> {
  static final String JSON = "--json";
  static final String VERBOSE = "--verbose";

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = JSON,
      description = "Prints one JSON object on standard output, and nothing else there.")
  private boolean json;

  @Option(names = VERBOSE, description = "Logs each step, and prints the stack trace of a failure.")
  @SuppressWarnings("UnusedVariable") // code that runs before parsing reads this option
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  Command(Console console) {
    this.console = console;
  }

  /** Does the work of the command; a failure is an exception. */
  abstract Report run();

  @Override
  public final Integer call() {
    try {
      return print(run());
    } finally {
      ended();
    }
  }

  /** Called at the very end, when everything except a failure's lines is printed. */
  void ended() {}

  private int print(Report report) {
    report.lines().forEach(this::say);
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("command", spec.name());
      object.putAll(report.json());
      report.problem().ifPresent(problem -> object.put("error", problem.toJson()));
      console.out().println(Json.write(object));
    }
    report.problem().ifPresent(problem -> Failures.printLines(console, problem));
    Optional<Problem> later = printed();
    later.ifPresent(problem -> Failures.printLines(console, problem));
    return report.problem().or(() -> later).map(Problem::exitCode).orElse(ExitCode.DONE);
  }

  /**
   * Makes side products after the report is printed; returns the problem of a failed one. The
   * report's exit code takes precedence.
   */
  Optional<Problem> printed() {
    return Optional.empty();
  }

  /** Prints a line for people; does nothing with {@code --json}. */
  final void say(String line) {
    if (!json) {
      console.out().println(line);
    }
  }

  /** Prints a line for people, with {@code --json} too. */
  final void warn(String line) {
    console.err().println("warning: " + line);
  }

  /** The same for a problem that does not end the command. */
  final void warn(Problem problem) {
    warn(problem.message());
    console.err().println("hint: " + problem.hint());
  }

  /** Shows progress until it is closed. */
  final ProgressDisplay progress(String doing) {
    return ProgressDisplay.open(doing, console);
  }
}
