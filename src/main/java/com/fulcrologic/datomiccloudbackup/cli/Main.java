package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
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

  /** The connection pool of the peer library; a logger that nothing refers to is forgotten. */
  private static final Logger PEER_POOL = Logger.getLogger("org.apache.tomcat.jdbc.pool");

  private Main() {}

  public static void main(String[] args) {
    Console console = Console.ofProcess();
    System.setErr(console.err()); // for logs
    configureLogs(Arrays.asList(args).contains(Command.VERBOSE));
    System.exit(run(args, console, System.getenv()));
  }

  /**
   * Sets up slf4j-simple, before any logger is made: warnings, and the log of this library on
   * request. It uses system properties, since a file on the class path would also affect the
   * library's users. Properties set by the user stay.
   */
  private static void configureLogs(boolean isVerbose) {
    setLog("defaultLogLevel", "warn");
    setLog("log.com.fulcrologic.datomiccloudbackup", isVerbose ? "info" : "warn");
    // Below warnings, the SDKs and their HTTP clients log credentials, and keys out of KMS.
    setLog("log.software.amazon.awssdk", "warn");
    setLog("log.org.apache.hc", "warn");
    setLog("log.com.amazonaws", "warn");
    setLog("log.org.apache.http", "warn");
    setLog("showDateTime", "true");
    setLog("dateTimeFormat", "HH:mm:ss.SSS");
    setLog("showShortLogName", "true");
    PEER_POOL.setLevel(Level.OFF); // it prints what the command reports
    System.getProperties().putIfAbsent("aws.java.v1.disableDeprecationAnnouncement", "true");
  }

  private static void setLog(String property, String value) {
    System.getProperties().putIfAbsent("org.slf4j.simpleLogger." + property, value);
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
        .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
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
