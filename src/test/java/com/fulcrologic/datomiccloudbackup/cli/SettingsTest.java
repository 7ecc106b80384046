package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a value comes from that the command line lacks; and names that are mistyped. */
class SettingsTest {
  @TempDir Path directory;

  @Test
  void theEnvironmentTakesThePlaceOfARequiredOption() {
    CommandRun run = run(Map.of("DCB_STORE", store("a")), "backups");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("no backup in").contains("/a");
  }

  @Test
  void theCommandLineComesFirstThenTheEnvironmentThenTheFile() throws IOException {
    Path file = Files.writeString(directory.resolve("dcb.conf"), "store = " + store("c") + "\n");
    Map<String, String> both = Map.of("DCB_STORE", store("b"), "DCB_CONFIG", file.toString());
    assertThat(run(both, "backups", "--store", store("a")).out()).contains("/a");
    assertThat(run(both, "backups").out()).contains("/b");
    assertThat(run(Map.of("DCB_CONFIG", file.toString()), "backups").out()).contains("/c");
    assertThat(run(Map.of(), "backups", "--config", file.toString()).out()).contains("/c");
    assertThat(run(Map.of(), "backups", "--config=" + file).out()).contains("/c");
  }

  @Test
  void aFileThatCannotBeUsedIsRefusedWithoutItsContent() throws IOException {
    Path file = Files.writeString(directory.resolve("odd"), "stroe = canary\n");
    for (String path : new String[] {file.toString(), "/nowhere/at/all", "bad\0path"}) {
      CommandRun run = run(Map.of(), "backups", "--config", path);
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains("settings").doesNotContain("canary").contains("hint: ");
    }
  }

  /** Which two of store, source and target are given selects what verify compares. */
  @Test
  void aSettingDoesNotSelectWhatACommandDoes() {
    Map<String, String> all =
        Map.of("DCB_STORE", store("a"), "DCB_SOURCE", "{}", "DCB_TARGET", "{}");
    CommandRun run = run(all, "verify", "--restore", "--name", "orders");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(10);
  }

  @Test
  void quietPrintsNothingOnSuccessAndEverythingOnFailure() {
    assertThat(run(Map.of(), "backups", "--store", store("a"), "--quiet"))
        .isEqualTo(new CommandRun(0, "", ""));
    assertThat(run(Map.of(), "backups", "--store", store("a"), "--quiet", "--json"))
        .isEqualTo(new CommandRun(0, "", ""));
    CommandRun failed =
        run(Map.of(), "gaps", "--store", store("a"), "--name", "no", "--quiet", "--json");
    assertThat(failed.exitCode()).isEqualTo(10);
    assertThat(failed.json()).containsKey("error");
    assertThat(failed.err()).startsWith("error: ").contains("hint: ");
  }

  @Test
  void aMistypedCommandOrOptionIsAskedAbout() {
    assertThat(run(Map.of(), "bakcup").err())
        .startsWith("error: there is no command bakcup; did you mean backup?");
    assertThat(run(Map.of(), "backup", "--sotre", "x").err())
        .startsWith("error: unknown option: --sotre; did you mean --store?");
    assertThat(run(Map.of(), "xyzzy").err()).startsWith("error: there is no command xyzzy\n");
  }

  @Test
  void aMissingOptionNamesItsVariable() {
    assertThat(run(Map.of(), "backups").err())
        .contains("missing: --store")
        .contains("hint: give it, or set DCB_STORE; see ");
    assertThat(run(Map.of(), "status", "--store", store("a")).err())
        .contains("missing: --source, --db")
        .contains("hint: give them, or set DCB_SOURCE; see ");
  }

  @Test
  void helpIsACommandAndWhatIsShownWhenNoneIsGiven() {
    CommandRun none = run(Map.of());
    assertThat(none.exitCode()).isZero();
    assertThat(none.out()).contains("backup").contains("restore");
    assertThat(run(Map.of(), "help").out()).isEqualTo(none.out());
    assertThat(run(Map.of(), "help", "backup").out())
        .isEqualTo(run(Map.of(), "backup", "--help").out())
        .contains("--txns-per-segment");
    assertThat(run(Map.of(), "help", "bakcup").err()).contains("did you mean backup?");
    assertThat(run(Map.of(), "version").out()).startsWith("datomic-cloud-backup ");
  }

  /** One text for each description: the root shows the first element alone, and breaks it. */
  @Test
  void helpIsMadeOfWholeSentences() {
    String help = run(Map.of(), "help").out().replaceAll("\\s+", " ");
    assertThat(help)
        .contains(
            "replicate Backs up a live database, and restores it into a target, both at once,")
        .contains("number and size of the segments, and gaps.")
        .contains("help Shows the help of a command.");
    assertThat(run(Map.of(), "help", "backups").out())
        .contains("newest stored\ntransaction, number and size of the segments");
  }

  private String store(String name) {
    return StoreUris.of(directory.resolve(name));
  }

  private static CommandRun run(Map<String, String> environment, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Main.run(
            args,
            new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false),
            environment);
    return new CommandRun(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
