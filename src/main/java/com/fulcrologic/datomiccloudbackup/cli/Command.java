package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.Progress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The common part of all commands: two options, and the report at the end. */
abstract class Command implements Callable<Integer> {
  static final String JSON = "--json";
  static final String QUIET = "--quiet";
  static final String VERBOSE = "--verbose";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = JSON,
      description = "Prints one JSON object on standard output, and nothing else there.")
  private boolean json;

  @Option(names = QUIET, description = "Prints nothing when the command succeeds.")
  private boolean quiet;

  @Option(
      names = Settings.CONFIG,
      paramLabel = "FILE",
      description =
          "Reads --store, --source, --target and --keys from the file where the command line has none,"
              + " from lines like store = file:/abs/dir. DCB_STORE, DCB_SOURCE, DCB_TARGET, DCB_KEYS and"
              + " DCB_CONFIG in the environment do the same.")
  @SuppressWarnings("UnusedVariable") // code that runs before parsing reads this option
  private String config = "";

  @Option(names = VERBOSE, description = "Logs each step, and prints the stack trace of a failure.")
  @SuppressWarnings("UnusedVariable") // code that runs before parsing reads this option
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  /** A command that continues what a stopped run has begun. */
  interface Resumable {}

  /** Does the work of the command; a failure is an exception. */
  abstract Report run();

  @Override
  public final Integer call() {
    Thread hook = new Thread(this::sayHowToContinue, "datomic-cloud-backup-interrupted");
    boolean isResumable = isResumable();
    if (isResumable) {
      Runtime.getRuntime().addShutdownHook(hook);
    }
    if (!quiet && spec.optionsMap().containsKey(ClientOptions.CALL_TIMEOUT)) {
      console().show("starting Datomic");
    }
    try {
      return print(run());
    } finally {
      console().clear();
      if (isResumable) {
        forget(hook);
      }
      ended();
    }
  }

  /** Called at the very end, when everything except a failure's lines is printed. */
  void ended() {}

  /** Whether running the command again continues what a stopped run has begun. */
  boolean isResumable() {
    return this instanceof Resumable;
  }

  private void sayHowToContinue() {
    console().err().println("stopped: run it again to continue; what is done stays done");
  }

  /** Removes a hook, unless the process is ending already. */
  static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      return; // the hook runs, or has run
    }
  }

  private int print(Report report) {
    quiet &= report.problem().isEmpty(); // a failure prints all its lines
    report.lines().forEach(this::say);
    if (json && !quiet) {
      Map<String, Object> object = Json.object("command", spec.name());
      object.putAll(report.json());
      report.problem().ifPresent(problem -> object.put("error", problem.toJson()));
      console().out().println(Json.write(object));
    }
    report.problem().ifPresent(problem -> Failures.printLines(console(), problem));
    Optional<Problem> later = printed();
    later.ifPresent(problem -> Failures.printLines(console(), problem));
    return report.problem().or(() -> later).map(Problem::exitCode).orElse(ExitCode.DONE);
  }

  /** Makes side products after the report is printed; the problem of one counts after its own. */
  Optional<Problem> printed() {
    return Optional.empty();
  }

  /** Prints a line for people; does nothing with {@code --json}. */
  final void say(String line) {
    if (!json && !quiet) {
      console().out().println(line);
    }
  }

  /** Prints a line for people, with {@code --json} too. */
  final void warn(String line) {
    console().err().println("warning: " + line);
  }

  /** The same for a problem that does not end the command. */
  final void warn(Problem problem) {
    warn(problem.message());
    console().err().println("hint: " + problem.hint());
  }

  /** The setting in place of an option that is not given; null when there is none. */
  final @Nullable String setting(String option) {
    return spec.defaultValueProvider() instanceof Settings settings ? settings.value(option) : null;
  }

  /** The value of an option that is needed here: the given one, or the setting. */
  final String required(String option, @Nullable String given, String hint) {
    String value = given == null ? setting(option) : given;
    if (value == null) {
      throw Usage.refusal(spec.name() + " needs " + option + " here", hint);
    }
    return value;
  }

  /** Does work, and shows its progress meanwhile. */
  final <T> T watch(String doing, Function<Progress.Listener, T> work) {
    if (quiet) {
      return work.apply(Progress.IGNORED);
    }
    try (ProgressDisplay progress = ProgressDisplay.open(doing, console())) {
      return work.apply(progress);
    }
  }

  private Console console() {
    return ((RootCommand) spec.root().userObject()).console();
  }
}
