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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands, from a durable database to another one. */
class CommandsTest {
  @TempDir private static Path directory;
  private static LocalSystem sources;
  private static LocalSystem targets;
  private static DatomicConnection source;

  @BeforeAll
  static void makeSource() {
    sources = LocalSystem.in(directory.resolve("sources"));
    targets = LocalSystem.in(directory.resolve("targets"));
    source = sources.database("world");
    SampleWorld.fill(source);
  }

  @Test
  void aDatabaseIsBackedUpAndRestored() {
    String store = StoreUris.of(directory.resolve("there and back"));
    long basisT = source.basisT();
    assertThat(store).contains("there%20and%20back");
    CommandRun backup =
        succeeding(
            "backup",
            "--source",
            sources.clientMap(),
            "--db",
            "world",
            "--store",
            store,
            "--txns-per-segment",
            "20",
            "--parallelism",
            "2");
    assertThat(backup.err().lines()).allMatch(line -> line.startsWith("backup: "));
    assertThat(backup.out())
        .contains("backup world in file:" + directory)
        .contains("t " + basisT)
        .contains(basisT + 1 + " transactions");
    assertThat(succeeding("gaps", "--store", store, "--name", "world").out()).startsWith("no gap");
    CommandRun segments = succeeding("segments", "--store", store, "--name", "world");
    assertThat(segments.out()).contains("t 0 to 19", "t 20 to 39", "1999-12-31T23:15:00Z");

    String[] restore = {
      "restore",
      "--store",
      store,
      "--name",
      "world",
      "--target",
      targets.clientMap(),
      "--db",
      "restored",
      "--create"
    };
    CommandRun restored = succeeding(restore);
    assertThat(restored.err().lines()).allMatch(line -> line.startsWith("restore: "));
    assertThat(restored.out())
        .contains("database restored holds backup world up to source t " + basisT)
        .contains(basisT + 1 + " transactions");
    LogComparison.assertEqual(source, targets.database("restored"));
    assertThat(succeeding(restore).out()).startsWith("nothing new: database restored holds");
  }

  @Test
  void aGrowingDatabaseIsFollowed() {
    DatomicConnection growing = sources.database("growing");
    SampleWorld.fill(growing);
    String store = StoreUris.of(directory.resolve("growing"));
    String[] backup = {
      "backup", "--source", sources.clientMap(), "--db", "growing", "--store", store, "--json"
    };
    String[] restore = {
      "restore",
      "--store",
      store,
      "--name",
      "growing",
      "--target",
      targets.clientMap(),
      "--db",
      "grown",
      "--create",
      "--json"
    };
    succeeding(backup);
    succeeding(restore);
    SampleWorld.grow(growing, 1);
    assertThat(succeeding(backup).json()).containsEntry("transactions", 7L);
    assertThat(succeeding(backup).json())
        .containsEntry("transactions", 0L)
        .containsEntry("segments", List.of())
        .containsEntry("basisT", growing.basisT());
    assertThat(succeeding(restore).json())
        .containsEntry("transactions", 7L)
        .containsEntry("lastSourceT", growing.basisT());
    LogComparison.assertEqual(growing, targets.database("grown"));
  }

  @Test
  void resultsAreToldInJson() {
    String store = StoreUris.of(directory.resolve("json"));
    Map<String, Object> backup =
        succeeding(
                "backup",
                "--json",
                "--source",
                sources.clientMap(),
                "--db",
                "world",
                "--store",
                store,
                "--name",
                "Ünï/code",
                "--txns-per-segment",
                "30")
            .json();
    assertThat(backup)
        .containsEntry("command", "backup")
        .containsEntry("name", "Ünï/code")
        .containsEntry("transactions", source.basisT() + 1)
        .doesNotContainKey("error");
    Map<String, Object> segments =
        succeeding("segments", "--json", "--store", store, "--name", "Ünï/code").json();
    for (String total : List.of("transactions", "datoms", "bytes")) {
      assertThat(segments.get(total)).isEqualTo(backup.get(total)).isInstanceOf(Long.class);
    }
    List<?> listed = (List<?>) Objects.requireNonNull(segments.get("segments"));
    assertThat(object(listed.get(0)))
        .containsEntry("firstT", 0L)
        .containsEntry("lastT", 29L)
        .containsEntry("transactions", 30L)
        .containsEntry("firstInstant", "1970-01-01T00:00:00Z");
    assertThat(succeeding("gaps", "--json", "--store", store, "--name", "Ünï/code").json())
        .containsEntry("gaps", List.of());
    assertThat(
            succeeding(
                    "repair",
                    "--json",
                    "--source",
                    sources.clientMap(),
                    "--db",
                    "world",
                    "--store",
                    store,
                    "--name",
                    "Ünï/code")
                .json())
        .containsEntry("gaps", List.of())
        .containsEntry("segments", List.of());
  }

  @Test
  void aRestoreEndsAtAPoint() {
    String store = StoreUris.of(directory.resolve("points"));
    succeeding("backup", "--source", sources.clientMap(), "--db", "world", "--store", store);
    String[] toT = {
      "restore",
      "--store",
      store,
      "--name",
      "world",
      "--target",
      targets.clientMap(),
      "--db",
      "to-t",
      "--create",
      "--to-t",
      "17"
    };
    CommandRun restored = succeeding(toT);
    assertThat(restored.out())
        .startsWith("the point to restore to: t 17 of 1999-12-31T23:12:00Z\n")
        .contains("up to source t 17 of 1999-12-31T23:12:00Z, which is its own t ");
    LogComparison.assertEqualThrough(17, source, targets.database("to-t"));
    assertThat(succeeding(toT).out()).contains("\nnothing new: ");
    assertThat(
            succeeding(Stream.concat(Stream.of(toT), Stream.of("--json")).toArray(String[]::new))
                .json())
        .containsEntry("lastSourceT", 17L)
        .containsEntry("lastInstant", "1999-12-31T23:12:00Z");
    assertThat(
            succeeding(
                    "restore",
                    "--store",
                    store,
                    "--name",
                    "world",
                    "--target",
                    targets.clientMap(),
                    "--db",
                    "to-t",
                    "--to-instant",
                    "2000-01-01T00:15:30+01:00")
                .out())
        .startsWith("the point to restore to: t 20 of 1999-12-31T23:15:00Z\n")
        .contains("up to source t 20 of 1999-12-31T23:15:00Z");
    LogComparison.assertEqualThrough(20, source, targets.database("to-t"));
  }

  @Test
  void aFilterThatMatchesNothingIsNamed() {
    String store = StoreUris.of(directory.resolve("filters"));
    succeeding("backup", "--source", sources.clientMap(), "--db", "world", "--store", store);
    CommandRun restored =
        succeeding(
            "restore",
            "--json",
            "--store",
            store,
            "--name",
            "world",
            "--target",
            targets.clientMap(),
            "--db",
            "filtered",
            "--create",
            "--exclude",
            ":w/email",
            "--exclude",
            ":w/emial");
    assertThat(restored.json()).containsEntry("unmatchedFilters", List.of(":w/emial"));
    assertThat(restored.err().lines()).hasSize(1);
    assertThat(restored.err()).startsWith("warning: ").contains(":w/emial");
  }

  @Test
  void theClientMapMayBeInAFile() throws IOException {
    Path file = Files.writeString(directory.resolve("source.edn"), sources.clientMap() + "\n");
    String store = StoreUris.of(directory.resolve("by-file"));
    succeeding("backup", "--source", "@" + file, "--db", "world", "--store", store);
    Files.writeString(file, "\uFEFF" + Files.readString(file)); // as Windows' editors do
    succeeding("backup", "--source", "@" + file, "--db", "world", "--store", store);
    Files.writeString(file, sources.clientMap() + " " + sources.clientMap());
    assertThat(
            failing(2, "backup", "--source", "@" + file, "--db", "world", "--store", store).err())
        .contains("more than one value");
    // The same in slashes, as java.nio writes it.
    succeeding(
        "segments", "--store", directory.resolve("by-file").toUri().toString(), "--name", "world");
  }

  @Test
  void helpAndVersionAreNoFailures() {
    assertThat(succeeding("--help").out())
        .contains("demo", "backup", "restore", "segments", "gaps", "repair");
    assertThat(succeeding("restore", "--help").out()).contains("--to-instant", "--exclude");
    assertThat(succeeding("restore", "--help").out())
        .startsWith("Usage: java -jar target/datomic-cloud-backup-cli.jar restore");
    assertThat(failing(2, "restore").err())
        .contains("see java -jar target/datomic-cloud-backup-cli.jar restore --help");
    assertThat(succeeding("--version").out()).startsWith("datomic-cloud-backup");
  }

  @Test
  void theDemoRunsOnceInADirectory() throws IOException {
    Path place = directory.resolve("de mo");
    String[] demo = {"demo", "--dir", place.toString(), "--transactions", "150"};
    CommandRun run = succeeding(demo);
    assertThat(run.out())
        .contains("compared database shop-restored with database shop: t 0 to 155, 156 transact")
        .contains("\n  equal\n")
        .contains(" verify --restore --store ")
        .contains(place.toString())
        .contains(StoreUris.of(place.resolve("backup")))
        .contains("TEA-001");
    assertThat(failing(2, demo).err()).contains("not empty", place.toString());
    // What it recommends works.
    String store = StoreUris.of(place.resolve("backup"));
    succeeding("segments", "--store", store, "--name", "shop");
    CommandRun proof = succeeding("verify", "--restore", "--store", store, "--name", "shop");
    assertThat(proof.out().lines().toList())
        .hasSize(3)
        .satisfies(
            lines -> {
              assertThat(lines.get(0))
                  .startsWith("compared database temporary with backup shop in file:")
                  .contains("t 0 to 155, 156 transactions, ");
              assertThat(lines.get(1)).matches("  SHA-256 of what was compared: [0-9a-f]{64}");
              assertThat(lines.get(2)).isEqualTo("equal");
            });
    Map<String, Object> receipt =
        succeeding("verify", "--restore", "--store", store, "--name", "shop", "--json").json();
    assertThat(receipt)
        .containsEntry("command", "verify")
        .containsEntry("equal", true)
        .containsEntry("transactions", 156L)
        .containsEntry("range", Map.of("firstT", 0L, "lastT", 155L))
        .containsEntry("differences", List.of())
        .containsKeys("source", "target", "datoms", "begun", "seconds")
        .doesNotContainKey("error")
        .hasEntrySatisfying("sha256", hash -> assertThat(proof.out()).contains((String) hash))
        .hasEntrySatisfying(
            "versions", each -> assertThat(object(each)).containsKeys("java", "datomic-local"))
        .hasEntrySatisfying("entities", count -> assertThat((Long) count).isGreaterThan(156));
    assertThat(
            succeeding(
                    "backup",
                    "--store",
                    StoreUris.of(place.resolve("backup")),
                    "--db",
                    "shop",
                    "--source",
                    new DemoCommand.Place(place).clientMap("source"))
                .out())
        .startsWith("nothing new");
    assertThat(
            succeeding(
                    "restore",
                    "--store",
                    StoreUris.of(place.resolve("backup")),
                    "--name",
                    "shop",
                    "--create",
                    "--db",
                    "shop-of-2022",
                    "--to-instant",
                    "2022-12-31T23:59:59Z",
                    "--target",
                    new DemoCommand.Place(place).clientMap("target"))
                .out())
        .contains("up to source t ");
  }

  @Test
  void theDemoTellsItsResultInJson() {
    Map<String, Object> demo =
        succeeding(
                "demo",
                "--json",
                "--dir",
                directory.resolve("demo-json").toString(),
                "--transactions",
                "100")
            .json();
    assertThat(demo)
        .containsEntry("command", "demo")
        .containsEntry("transactions", 106L)
        .containsEntry("segmentCount", 4L);
    assertThat(object(demo.get("verification")))
        .containsEntry("equal", true)
        .containsEntry("transactions", 106L);
    Map<String, Object> story = object(demo.get("story"));
    assertThat(object(story.get("source")).get("entity"))
        .isInstanceOf(String.class)
        .isNotEqualTo(object(story.get("target")).get("entity"));
  }

  @Test
  void theDemoRefusesWhatItCannotDo() throws IOException {
    failing(2, "demo", "--transactions", "99");
    Path file = Files.writeString(directory.resolve("a-file"), "x");
    failing(2, "demo", "--dir", file.toString());
    failing(2, "demo", "--dir", "\0");
  }
}
