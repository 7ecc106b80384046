package com.fulcrologic.datomiccloudbackup.cli;

import java.util.List;
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
 * Says what is wrong with a command line in words of our own: picocli's quote the arguments, and a
 * client map that lost its quotes arrives as arguments.
 */
final class UsageProblems {
  static final String NO_COMMAND = "no command is given";

  private static final Pattern OPTION = Pattern.compile("(--?[a-zA-Z][a-zA-Z-]{0,40})(=.*)?");
  private static final Pattern COMMAND = Pattern.compile("[a-z-]{1,20}");

  private UsageProblems() {}

  static Problem of(ParameterException unusable) {
    CommandLine line = unusable.getCommandLine();
    return new Problem(
        ExitCode.USAGE,
        message(unusable),
        hint(unusable, "see " + line.getCommandSpec().qualifiedName() + " --help"));
  }

  private static String message(ParameterException unusable) {
    if (unusable instanceof UnmatchedArgumentException unmatched) {
      return unmatchedMessage(unmatched);
    }
    if (unusable instanceof MissingParameterException missing) {
      return "missing: " + names(missing.getMissing());
    }
    ArgSpec argument = unusable.getArgSpec();
    if (argument == null) {
      return NO_COMMAND.equals(unusable.getMessage())
          ? NO_COMMAND
          : "the command line cannot be read";
    }
    return unusable instanceof OverwrittenOptionException
        ? names(List.of(argument)) + " is given more than once"
        : "the value of " + names(List.of(argument)) + " is not valid";
  }

  private static String unmatchedMessage(UnmatchedArgumentException unmatched) {
    String options = unknownOptions(unmatched);
    if (!options.isEmpty()) {
      return "unknown option: " + options;
    }
    List<String> arguments = unmatched.getUnmatched();
    boolean isRoot = unmatched.getCommandLine().getParent() == null;
    if (isRoot && !arguments.isEmpty() && COMMAND.matcher(arguments.get(0)).matches()) {
      return "there is no command " + arguments.get(0);
    }
    return "unexpected arguments (" + arguments.size() + ", not shown)";
  }

  private static String hint(ParameterException unusable, String seeHelp) {
    boolean isShattered =
        unusable instanceof UnmatchedArgumentException unmatched
            && unmatched.getCommandLine().getParent() != null
            && unknownOptions(unmatched).isEmpty();
    return isShattered ? "put the EDN of a client map into single quotes; " + seeHelp : seeHelp;
  }

  private static String unknownOptions(UnmatchedArgumentException unmatched) {
    return unmatched.getUnmatched().stream()
        .map(OPTION::matcher)
        .filter(java.util.regex.Matcher::matches)
        .map(matcher -> matcher.group(1))
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
