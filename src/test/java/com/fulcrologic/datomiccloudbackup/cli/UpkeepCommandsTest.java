package com.fulcrologic.datomiccloudbackup.cli;

import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.failing;
import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.object;
import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.succeeding;
import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checking, compacting, removing what is covered, and adopting: a store over the years. */
class UpkeepCommandsTest {
  @TempDir private static Path directory;
  private static LocalSystem system;
  private static DatomicConnection source;
  private static int storeNumber;

  private Path place = Path.of("");
  private String store = "";

  @BeforeAll
  static void makeSource() {
    system = LocalSystem.in(directory.resolve("databases"));
    source = system.database("world");
    SampleWorld.fill(source);
  }

  @BeforeEach
  void backUp() {
    place = directory.resolve("store-" + storeNumber++);
    store = StoreUris.of(place);
    succeeding(
        "backup",
        "--source",
        system.clientMap(),
        "--db",
        "world",
        "--store",
        store,
        "--txns-per-segment",
        "5");
  }

  @Test
  void aSoundStoreEndsWith0AtEveryLevel() throws IOException {
    Files.write(place.resolve("world/notes.txt"), new byte[1]);
    for (String level : List.of("names", "hash", "decode")) {
      CommandRun run = check("--level", level);
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.out())
          .contains("is sound at level " + level)
          .contains("foreign, and left alone: world/notes.txt");
    }
    Map<String, Object> json = check("--json").json();
    assertThat(json)
        .containsEntry("level", "hash")
        .containsEntry("transactions", source.basisT() + 1)
        .containsEntry("findings", List.of())
        .containsEntry("foreignKeyCount", 1L)
        .doesNotContainKey("error");
  }

  @Test
  void ofManyForeignKeysTheFirstAreToldAndAllCounted() throws IOException {
    for (int i = 100; i < 225; i++) {
      Files.write(place.resolve("world/notes-" + i), new byte[1]);
    }
    CommandRun run = check("--level", "names");
    assertThat(run.out())
        .contains("foreign, and left alone: world/notes-199")
        .contains("and 25 more that are foreign")
        .doesNotContain("notes-200");
    assertThat(check("--json").json())
        .containsEntry("foreignKeyCount", 125L)
        .hasEntrySatisfying("foreignKeys", keys -> assertThat((List<?>) keys).hasSize(100));
  }

  @Test
  void theWorstFindingDecidesTheExitCode() throws IOException {
    Files.delete(file("-10-15"));
    CommandRun gap = check("--level", "names");
    assertThat(gap.exitCode()).isEqualTo(ExitCode.GAP);
    assertThat(gap.out()).contains("gap: missing t 10 to 14");
    assertThat(gap.err()).startsWith("error: 1 finding in backup world").contains("hint: ");

    byte[] rotten = Files.readAllBytes(file("-20-25"));
    rotten[rotten.length - 40] ^= 1;
    Files.write(file("-20-25"), rotten);
    CommandRun both = check("--json");
    assertThat(both.exitCode()).isEqualTo(ExitCode.CORRUPT);
    assertThat(both.error()).containsEntry("code", (long) ExitCode.CORRUPT);
    assertThat(object(both.json().get("findingCounts")))
        .containsEntry("gap", 1L)
        .containsEntry("corrupt", 1L);
    assertThat(check("--from-t", "25").exitCode()).isZero();
    assertThat(check("--to-t", "9").exitCode()).isZero();
    assertThat(check("--to-t", "10").exitCode()).isEqualTo(ExitCode.GAP);
  }

  @Test
  void whatCheckCannotUseIsRefused() {
    String[] base = {"check", "--store", store, "--name", "world"};
    failing(2, with(base, "--level", "deep"));
    failing(2, with(base, "--from-t", "-1"));
    failing(2, with(base, "--from-t", "5", "--to-t", "4"));
    failing(2, with(base, "--parallelism", "0"));
    failing(10, "check", "--store", store, "--name", "nobody");
    failing(10, "compact", "--store", store, "--name", "nobody");
    failing(2, "compact", "--store", store, "--name", "world", "--transactions", "1");
    failing(2, "compact", "--store", store, "--name", "world", "--bytes", "0");
  }

  @Test
  void aBaselineIsStoredListedAndChecked() throws IOException {
    String[] base = {"baseline", "--store", store, "--name", "world"};
    assertThat(succeeding(with(base, "--list")).out()).startsWith("no baseline in backup world");
    CommandRun run = succeeding(with(base, "--t", "12", "--spill", place.toString()));
    assertThat(run.out()).startsWith("baseline of t 12 (").contains("stored in backup world");
    List<?> newest = baselines(succeeding(with(base, "--json")));
    List<?> listed = baselines(succeeding(with(base, "--list", "--json")));
    assertThat(listed).hasSize(2);
    assertThat(listed.get(1)).isEqualTo(newest.get(0));
    assertThat(object(newest.get(0)))
        .containsEntry("t", source.basisT())
        .containsEntry("partCount", 1L);
    assertThat(succeeding(with(base, "--list")).out().lines()).hasSize(2);
    CommandRun check = check("--level", "decode", "--spill", place.toString());
    assertThat(check.out()).contains("2 baselines").doesNotContain("foreign");
    assertThat(check("--json").json()).containsEntry("baselineCount", 2L);
    failing(24, with(base, "--t", "99999"));
    failing(2, with(base, "--list", "--t", "12"));
    failing(2, with(base, "--t", "-1"));
    failing(2, with(base, "--spill", place.resolve("none").toString()));
    failing(10, "baseline", "--store", store, "--name", "nobody");
    Files.delete(file("-10-15"));
    failing(21, with(base, "--t", "20"));
    Path part = place.resolve("world/baseline-parts/12/0");
    byte[] rotten = Files.readAllBytes(part);
    rotten[rotten.length / 2] ^= 1;
    Files.write(part, rotten);
    assertThat(check().exitCode()).isEqualTo(ExitCode.CORRUPT);
  }

  private static List<?> baselines(CommandRun run) {
    return (List<?>) Objects.requireNonNull(run.json().get("baselines"));
  }

  @Test
  void smallSegmentsAreCoveredAndRemovedAndTheRestRestores() throws IOException {
    String[] compact = {"compact", "--store", store, "--name", "world", "--transactions", "20"};
    CommandRun run = succeeding(compact);
    assertThat(run.out()).startsWith("wrote ").contains("covered");
    assertThat(succeeding(compact).out()).startsWith("nothing to compact");
    Map<String, Object> covered =
        succeeding("segments", "--covered", "--json", "--store", store, "--name", "world").json();
    List<?> listed = (List<?>) Objects.requireNonNull(covered.get("covered"));
    assertThat(listed).hasSizeGreaterThan(5);
    List<String> keys =
        succeeding("segments", "--covered", "--store", store, "--name", "world")
            .out()
            .lines()
            .toList();
    assertThat(keys).hasSameSizeAs(listed);
    assertThat(check("--level", "decode").exitCode()).isZero();
    for (String key : keys) {
      Files.delete(place.resolve(key));
    }
    assertThat(check("--level", "decode").exitCode()).isZero();
    assertThat(succeeding("segments", "--store", store, "--name", "world").out())
        .contains("t 0 to 19", "t 20 to 39");
    succeeding(
        "restore",
        "--store",
        store,
        "--name",
        "world",
        "--target",
        system.clientMap(),
        "--db",
        "swept",
        "--create");
    LogComparison.assertEqual(source, system.database("swept"));
  }

  /** The same database, whose name, which is durable Local's id, is another one now. */
  @Test
  void aRenamedDatabaseIsAdopted() throws IOException {
    Path renamed = directory.resolve("renamed-" + storeNumber);
    copy(directory.resolve("databases"), renamed);
    String map = system.clientMap().replace(directory + "/databases", renamed.toString());
    try (Stream<Path> paths = Files.walk(renamed)) {
      Path database = paths.filter(path -> path.endsWith("world")).findFirst().orElseThrow();
      Files.move(database, database.resolveSibling("universe"));
    }
    String[] backup = {
      "backup", "--source", map, "--db", "universe", "--store", store, "--name", "world"
    };
    assertThat(failing(ExitCode.FOREIGN_SOURCE, backup).err())
        .contains("world/", "universe/", "--adopt");
    assertThat(succeeding(with(backup, "--adopt")).out()).startsWith("nothing new");
    assertThat(succeeding(backup).out()).startsWith("nothing new");
    failing(
        ExitCode.FOREIGN_SOURCE,
        "backup",
        "--source",
        system.clientMap(),
        "--db",
        "world",
        "--store",
        store);
    succeeding("verify", "--source", map, "--db", "universe", "--store", store, "--name", "world");
    assertThat(place.resolve("world/claim-1")).exists();
    assertThat(check("--level", "decode").exitCode()).isZero();
  }

  private CommandRun check(String... more) {
    return CommandRun.of(with(new String[] {"check", "--store", store, "--name", "world"}, more));
  }

  private static String[] with(String[] args, String... more) {
    return Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new);
  }

  private Path file(String keyEnd) throws IOException {
    try (Stream<Path> paths = Files.walk(place)) {
      return paths.filter(path -> path.toString().endsWith(keyEnd)).findFirst().orElseThrow();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }
}
