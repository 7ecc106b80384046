package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParameterException;

public final class Main {
  private static final char REPLACEMENT_CHARACTER = '\uFFFD';

  private static final Problem BROKEN_ARGUMENT =
      new Problem(
          ExitCode.USAGE,
          "an argument has characters that this process's locale cannot express",
          "set LC_ALL=C.UTF-8 (cron and systemd set none), and run it again");

  private static final Problem OUTPUT_LOST =
      new Problem(
          ExitCode.UNEXPECTED,
          "the output could not be written to standard output",
          "look for a full disk or a closed pipe behind it; the command's work itself is complete");

  private Main() {}

  public static void main(String[] args) {
    Console console = Console.ofProcess();
    System.setErr(console.err()); // for logs
    Logging.configure(Arrays.asList(args).contains(Command.VERBOSE));
    System.exit(run(args, console, System.getenv()));
  }

  /**
   * Runs the command without ending the process.
   *
   * @param args the command's name, then its options
   * @param out the stream for results
   * @param err the stream for failures and progress
   * @return the exit code
   */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    return run(args, new Console(out, err, false), System.getenv());
  }

  static int run(String[] args, Console console, Map<String, String> environment) {
    Failures failures = new Failures(console, List.of(args));
    int exitCode = execute(args, console, failures, environment);
    if (console.out().checkError()) {
      Failures.printLines(console, OUTPUT_LOST);
      return exitCode == ExitCode.DONE ? OUTPUT_LOST.exitCode() : exitCode;
    }
    return exitCode;
  }

  private static int execute(
      String[] args, Console console, Failures failures, Map<String, String> environment) {
    if (Arrays.stream(args).anyMatch(arg -> arg.indexOf(REPLACEMENT_CHARACTER) >= 0)) {
      return failures.print(BROKEN_ARGUMENT);
    }
    try {
      return commandLine(console, failures)
          .setDefaultValueProvider(Settings.of(List.of(args), environment))
          .execute(args);
    } catch (InvalidConfigurationException unusable) {
      return failures.print(unusable);
    } catch (LinkageError broken) { // a library is missing, or does not load
      return failures.print(broken);
    }
  }

  static CommandLine commandLine(Console console, Failures failures) {
    CommandLine commandLine = new CommandLine(new RootCommand(console));
    CommandLine help = new CommandLine(new CommandLine.HelpCommand());
    help.getCommandSpec()
        .usageMessage()
        .header(new String[0])
        .description("Shows the help of a command.");
    commandLine.addSubcommand(help);
    commandLine.getCommandSpec().version(RootCommand.NAME + " " + RootCommand.version());
    return commandLine
        .setCommandName(Program.call())
        .setOut(console.outWriter())
        .setErr(console.errWriter())
        .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
        .setExpandAtFiles(false) // @file is ours: it names a client map
        .setInterpolateVariables(false)
        .setParameterExceptionHandler(
            (ParameterException unusable, String[] args) ->
                failures.print(UsageProblems.of(unusable, List.of(args))))
        .setExecutionExceptionHandler(
            (Exception failure, CommandLine line, CommandLine.ParseResult result) ->
                failures.print(failure));
  }
}
