package com.fulcrologic.datomiccloudbackup.cli;

import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@picocli.CommandLine.Command(
    name = "completion",
    description =
        "Prints a script that completes the commands and options of dcb in a shell."
            + " In bash or zsh: source <(dcb completion bash). In fish: dcb completion fish | source.")
final class CompletionCommand extends Command {
  private static final String PROGRAM = "dcb";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  private String shell = "";

  @Override
  Report run() {
    CommandLine root = spec.root().commandLine();
    String script =
        switch (shell) {
          case "bash" -> AutoComplete.bash(PROGRAM, root);
          case "zsh" ->
              "#compdef dcb\nautoload -Uz bashcompinit && bashcompinit\n"
                  + AutoComplete.bash(PROGRAM, root);
          case "fish" -> fish(root);
          default ->
              throw Usage.refusal(
                  "there is no completion for this shell", "name one of bash, zsh and fish");
        };
    return new Report(script.lines().toList(), Map.of("shell", shell, "script", script));
  }

  private static String fish(CommandLine root) {
    StringBuilder script = new StringBuilder("complete -c dcb -f\n");
    for (CommandLine command : root.getSubcommands().values()) {
      CommandSpec of = command.getCommandSpec();
      script.append(
          "complete -c dcb -n __fish_use_subcommand -a %s -d %s\n"
              .formatted(of.name(), quotedSentence(of.usageMessage().description())));
      for (OptionSpec option : of.options()) {
        script.append(
            "complete -c dcb -n '__fish_seen_subcommand_from %s' -l %s%s -d %s\n"
                .formatted(
                    of.name(),
                    option.longestName().substring(2),
                    option.arity().max() == 0 ? "" : " -r",
                    quotedSentence(option.description())));
      }
    }
    return script.toString();
  }

  private static String quotedSentence(String... description) {
    return Program.quoted(firstSentence(description));
  }

  static String firstSentence(String... description) {
    String text = String.join(" ", description);
    int end = text.indexOf(". ");
    return end < 0 ? text : text.substring(0, end + 1);
  }
}
