package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.TransactionsInFlight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The reference of the command line is what picocli knows of it, command by command, option by
 * option. {@code -Dcli.reference.write=true} writes it anew.
 */
class CliReferenceTest {
  private static final Path REFERENCE = Path.of("docs/cli.adoc");
  private static final String GENERATED = "// Generated from here on by CliReferenceTest.\n";

  @Test
  void documentsEveryCommandAndOption() throws IOException {
    String written = Files.readString(REFERENCE);
    int start = written.indexOf(GENERATED) + GENERATED.length();
    assertThat(start).isGreaterThan(GENERATED.length());
    String expected = written.substring(0, start) + reference(ManPages.commandLine());
    if (Boolean.getBoolean("cli.reference.write")) {
      Files.writeString(REFERENCE, expected);
    }
    assertThat(Files.readString(REFERENCE))
        .as("run this test with -Dcli.reference.write=true, and look at what has changed")
        .isEqualTo(expected);
  }

  @Test
  void anOptionThatIsNewIsNoticed() {
    CommandLine commandLine = ManPages.commandLine();
    String before = reference(commandLine);
    CommandLine some = commandLine.getSubcommands().values().iterator().next();
    some.getCommandSpec()
        .addOption(OptionSpec.builder("--new").description("Something new.").build());
    assertThat(reference(commandLine)).isNotEqualTo(before).contains("`--new`:: Something new.");
  }

  /** Nothing is interpolated, so what would have to be is wrong. */
  @Test
  void helpHoldsNoVariablesAndSingleSpaces() {
    assertThat(reference(ManPages.commandLine()))
        .doesNotContain("${")
        .doesNotContainPattern("\\S {2,}\\S")
        .contains("up to " + TransactionsInFlight.ADAPTIVE.countMax() + ".");
  }

  private static String reference(CommandLine commandLine) {
    StringBuilder text = new StringBuilder();
    for (CommandLine command : commandLine.getSubcommands().values()) {
      CommandSpec spec = command.getCommandSpec();
      text.append("\n[#").append(spec.name()).append("]\n=== ").append(spec.name()).append("\n\n");
      text.append(sentence(spec.usageMessage().description())).append("\n\n");
      spec.options().stream()
          .filter(option -> !option.hidden() && !option.usageHelp())
          .sorted(
              Comparator.comparing(OptionSpec::required)
                  .reversed()
                  .thenComparing(OptionSpec::longestName))
          .forEach(option -> text.append(entry(option)));
    }
    return text.toString();
  }

  private static String entry(OptionSpec option) {
    String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
    String needed = option.required() ? " Required." : "";
    return "`"
        + option.longestName()
        + value
        + "`:: "
        + sentence(option.description())
        + needed
        + "\n";
  }

  private static String sentence(String... lines) {
    return String.join(" ", lines).replace("%%", "%");
  }
}
