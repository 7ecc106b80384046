package com.fulcrologic.datomiccloudbackup.cli;

import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.failing;
import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.succeeding;
import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in a store; the names that were probably meant; and completion in a shell. */
class BackupsCommandTest {
  @TempDir private static Path directory;

  @Test
  void listsEachBackupWithItsGaps() {
    LocalSystem system = LocalSystem.in(directory.resolve("databases"));
    DatomicConnection source = system.database("world");
    SampleWorld.fill(source);
    String store = StoreUris.of(directory.resolve("store"));
    String[] backup = {
      "backup", "--source", system.clientMap(), "--db", "world", "--store", store, "--name"
    };
    succeeding(with(backup, "whole"));
    succeeding(with(backup, "torn", "--range", "[0, 10)"));
    succeeding(with(backup, "torn", "--range", "[20, 25)"));

    Map<String, Object> json = succeeding("backups", "--store", store, "--json").json();
    List<?> backups = (List<?>) Objects.requireNonNull(json.get("backups"));
    assertThat(backups).hasSize(2);
    assertThat(CommandRun.object(backups.get(0)))
        .containsEntry("name", "torn")
        .containsEntry("newestT", 24L)
        .containsEntry("segmentCount", 2L)
        .containsEntry("gaps", List.of(Map.of("firstT", 10L, "lastT", 19L)));
    assertThat(CommandRun.object(backups.get(1)))
        .containsEntry("name", "whole")
        .containsEntry("newestT", source.basisT())
        .containsEntry("gaps", List.of())
        .containsEntry("databaseId", CommandRun.object(backups.get(0)).get("databaseId"));
    assertThat(succeeding("backups", "--store", store).out().lines())
        .hasSize(3)
        .anyMatch(line -> line.startsWith("whole") && line.contains("t " + source.basisT()));

    assertThat(
            failing(
                    10,
                    with(
                        new String[] {"backup", "--source", system.clientMap(), "--store", store},
                        "--db",
                        "wrold"))
                .err())
        .contains("no database named wrold; did you mean world?")
        .contains("hint: its databases are: world");
    assertThat(
            succeeding(
                    "restore",
                    "--store",
                    store,
                    "--name",
                    "whole",
                    "--target",
                    system.clientMap(),
                    "--db",
                    "target",
                    "--create",
                    "--exclude",
                    ":db/dco")
                .err())
        .contains("no attribute has ever been named :db/dco")
        .contains("did you mean :db/doc?");
  }

  /** Bash itself completes, as its user would see it. */
  @Test
  void bashCompletesCommandsAndOptions() throws IOException, InterruptedException {
    Path script =
        Files.writeString(directory.resolve("dcb.bash"), succeeding("completion", "bash").out());
    assertThat(completed(script, "dcb", "rep")).contains("repair", "replicate");
    assertThat(completed(script, "dcb", "backup", "--txns")).contains("--txns-per-segment");
    failing(2, "completion", "tcsh");
  }

  @Test
  void zshAndFishScriptsNameEveryCommandAndOption() {
    String fish = succeeding("completion", "fish").out();
    assertThat(fish)
        .contains("-a replicate ")
        .contains("'__fish_seen_subcommand_from backup' -l txns-per-segment -r ");
    assertThat(succeeding("completion", "zsh").out())
        .startsWith("#compdef dcb\n")
        .contains("replicate");
  }

  private static List<String> completed(Path script, String... words)
      throws IOException, InterruptedException {
    String program =
        "source "
            + Program.quoted(script.toString())
            + "; COMP_WORDS=("
            + String.join(" ", words)
            + "); COMP_CWORD="
            + (words.length - 1)
            + "; _complete_dcb; printf '%s\\n' \"${COMPREPLY[@]}\"";
    Process bash = new ProcessBuilder("bash", "-c", program).redirectErrorStream(true).start();
    String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return out.lines().map(String::strip).toList();
  }

  private static String[] with(String[] arguments, String... more) {
    return Stream.of(arguments, more).flatMap(Stream::of).toArray(String[]::new);
  }
}
