package com.fulcrologic.datomiccloudbackup.cli;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParameterException;

/** Where the command line begins. */
public final class Main {
  private Main() {}

  /** Runs the command, and ends the process with its exit code. */
  public static void main(String[] args) {
    Logging.configure(Arrays.asList(args).contains(Command.VERBOSE));
    System.exit(run(args, new Console(System.out, System.err, Console.isProcessOnTerminal())));
  }

  /**
   * Runs the command without ending the process.
   *
   * @param args the command's name, then its options
   * @param out where results go
   * @param err where failures and progress go
   * @return the exit code
   */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    return run(args, new Console(out, err, false));
  }

  static int run(String[] args, Console console) {
    Failures failures = new Failures(console, List.of(args));
    try {
      return commandLine(console, failures).execute(args);
    } catch (LinkageError broken) { // a library that is not there, or does not load
      return failures.print(broken);
    }
  }

  static CommandLine commandLine(Console console, Failures failures) {
    CommandLine commandLine = new CommandLine(new RootCommand());
    for (Command command :
        List.of(
            new DemoCommand(console),
            new BackupCommand(console),
            new RestoreCommand(console),
            new SegmentsCommand(console),
            new GapsCommand(console),
            new RepairCommand(console),
            new PlanCommand(console),
            new StatusCommand(console),
            new ReplicateCommand(console),
            new CheckCommand(console),
            new CompactCommand(console),
            new VerifyCommand(console),
            new DoctorCommand(console))) {
      commandLine.addSubcommand(command);
    }
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
