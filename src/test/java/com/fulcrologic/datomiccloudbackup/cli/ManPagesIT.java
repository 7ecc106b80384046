package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The manual pages of the unpacked distribution. */
class ManPagesIT {
  private static final Path DIRECTORY = Path.of(System.getProperty("cli.home"), "man");

  @Test
  void eachCommandHasItsPageWithAllOptions() throws IOException {
    List<String> pages = new ArrayList<>();
    for (CommandSpec command : commands()) {
      String page = page(command);
      pages.add(page + ".1");
      String source = Files.readString(DIRECTORY.resolve("man1").resolve(page + ".1"));
      String plain = source.replace("\\-", "-").replaceAll("\\\\f[BIP]", "");
      assertThat(plain).contains("\n.TH \"" + page.toUpperCase(Locale.ROOT) + "\" \"1\"");
      assertHasOptions(command, plain);
    }
    try (Stream<Path> files = Files.list(DIRECTORY.resolve("man1"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(pages);
    }
  }

  @Test
  void manFindsAndRendersThem() throws IOException, InterruptedException {
    assumeThat(Stream.of(System.getenv("PATH").split(":")))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "man")));
    Map<String, String> environment =
        Map.of(
            "MANPATH", DIRECTORY.toString(), "MANPAGER", "cat", "MANWIDTH", "200", "LC_ALL", "C");
    for (CommandSpec command : commands()) {
      CommandRun man = LauncherIT.run(Path.of("man"), environment, page(command));
      assertThat(man.exitCode()).as(man.err()).isZero();
      assertThat(man.err()).isEmpty();
      assertThat(man.out()).contains("\nNAME\n       " + page(command) + " - ");
      assertHasOptions(command, man.out());
    }
  }

  /** Each has a line of its own, as in {@code -h, --help} and {@code --db=NAME}. */
  private static void assertHasOptions(CommandSpec command, String text) {
    for (OptionSpec option : command.options()) {
      String value = option.arity().max() == 0 ? "" : "=" + option.paramLabel();
      String optional = option.arity().min() == 0 && !value.isEmpty() ? "[" + value + "]" : value;
      assertThat(text)
          .containsPattern("(?m)^ *(-., )?" + Pattern.quote(option.longestName() + optional) + "$");
    }
  }

  private static List<CommandSpec> commands() {
    CommandLine root = ManPages.commandLine();
    List<CommandSpec> commands = new ArrayList<>(List.of(root.getCommandSpec()));
    root.getSubcommands().values().forEach(line -> commands.add(line.getCommandSpec()));
    return commands;
  }

  private static String page(CommandSpec command) {
    return command.parent() == null ? "dcb" : "dcb-" + command.name();
  }
}
