package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.internal.tools.Suggestions;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Describes the problem of a command line in this program's own words. Picocli's messages quote the
 * arguments, and a client map without its quotes arrives as arguments.
 */
final class UsageProblems {
  private static final Pattern OPTION = Pattern.compile("(--?[a-zA-Z][a-zA-Z-]{0,40})(=.*)?");
  private static final Pattern COMMAND = Pattern.compile("[a-z][a-z-]{0,19}");

  private UsageProblems() {}

  static Problem of(ParameterException unusable, List<String> args) {
    CommandLine line = unusable.getCommandLine();
    String seeHelp = "see " + line.getCommandSpec().qualifiedName() + " --help";
    String unknownOptions = unknownOptions(line, args);
    if (!unknownOptions.isEmpty()) {
      Set<String> known = line.getCommandSpec().optionsMap().keySet();
      String question = Suggestions.question(unknownOptions, known);
      return problem("unknown option: " + unknownOptions + question, seeHelp);
    }
    if (args.get(0).equals("help") && args.size() == 2 && isCommandName(args.get(1))) {
      return problem(noCommand(line.getCommandSpec().root().commandLine(), args.get(1)), seeHelp);
    }
    if (unusable instanceof MissingParameterException missing) {
      return missing(missing.getMissing(), seeHelp);
    }
    if (unusable instanceof UnmatchedArgumentException unmatched) {
      return unmatched(line, unmatched.getUnmatched(), seeHelp);
    }
    ArgSpec argument = unusable.getArgSpec();
    if (argument == null) {
      return problem("the command line cannot be read", seeHelp);
    }
    String name = names(List.of(argument));
    return unusable instanceof OverwrittenOptionException
        ? problem(name + " is given more than once", seeHelp)
        : problem("the value of " + name + " is not valid", seeHelp);
  }

  private static Problem missing(List<ArgSpec> missing, String seeHelp) {
    String variables = variables(missing);
    String them = missing.size() == 1 ? "it" : "them";
    return problem(
        "missing: " + names(missing),
        variables.isEmpty()
            ? seeHelp
            : "give %s, or set %s; %s".formatted(them, variables, seeHelp));
  }

  private static Problem unmatched(CommandLine line, List<String> arguments, String seeHelp) {
    String message = "unexpected arguments (" + arguments.size() + ", not shown)";
    if (line.getParent() != null) {
      return problem(message, "put the EDN of a client map into single quotes; " + seeHelp);
    }
    boolean isCommand = !arguments.isEmpty() && isCommandName(arguments.get(0));
    return problem(isCommand ? noCommand(line, arguments.get(0)) : message, seeHelp);
  }

  private static Problem problem(String message, String hint) {
    return new Problem(ExitCode.USAGE, message, hint);
  }

  /** Whether an argument has the form of a command's name, so that it may be quoted. */
  static boolean isCommandName(String argument) {
    return COMMAND.matcher(argument).matches();
  }

  private static String noCommand(CommandLine root, String typed) {
    String question = Suggestions.question(typed, root.getSubcommands().keySet());
    return "there is no command " + typed + question;
  }

  /** The unknown options; picocli reports missing options first, and so hides a typing error. */
  private static String unknownOptions(CommandLine line, List<String> args) {
    return args.stream()
        .map(OPTION::matcher)
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .filter(name -> !line.getCommandSpec().optionsMap().containsKey(name))
        .collect(Collectors.joining(", "));
  }

  private static String variables(List<ArgSpec> missing) {
    return missing.stream()
        .filter(OptionSpec.class::isInstance)
        .flatMap(option -> Settings.variableOf(((OptionSpec) option).longestName()).stream())
        .collect(Collectors.joining(", "));
  }

  private static String names(List<ArgSpec> arguments) {
    return arguments.stream()
        .map(
            argument ->
                argument instanceof OptionSpec option ? option.longestName() : "an argument")
        .collect(Collectors.joining(", "));
  }
}
