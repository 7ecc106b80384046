package com.fulcrologic.datomiccloudbackup.cli;

import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.failing;
import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.object;
import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.succeeding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.BackupSummary;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.DatabaseBackup;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreAccessDeniedException;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every database of a system, each under its own name. */
class AllDatabasesTest {
  @TempDir private Path directory;
  private final LocalSystem system = LocalSystem.inMemory();

  @Test
  void eachIsBackedUpUnderItsOwnName() {
    DatomicConnection beta = system.database("beta");
    SampleWorld.fill(beta);
    system.database("alpha");
    String store = StoreUris.of(directory.resolve("store"));
    CommandRun first = succeeding(all(store));
    assertThat(first.out().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "database t transactions outcome",
            "alpha t 0 to 5 6 stored",
            "beta t 0 to " + beta.basisT() + " " + (beta.basisT() + 1) + " stored");
    assertThat(
            succeeding(
                    "verify",
                    "--store",
                    store,
                    "--source",
                    system.clientMap(),
                    "--db",
                    "beta",
                    "--json")
                .json())
        .containsEntry("equal", true);

    SampleWorld.grow(beta, 1);
    Map<String, Object> second = succeeding(all(store, "--json")).json();
    assertThat(second).containsEntry("command", "backup").doesNotContainKey("error");
    assertThat(databases(second)).hasSize(2);
    assertThat(databases(second).get(0))
        .containsEntry("name", "alpha")
        .containsEntry("transactions", 0L)
        .containsEntry("segments", List.of());
    assertThat(databases(second).get(1))
        .containsEntry("name", "beta")
        .containsEntry("transactions", 7L)
        .containsEntry("basisT", beta.basisT());
  }

  @Test
  void oneThatFailsDoesNotStopTheOthers() {
    for (String name : List.of("alpha", "beta", "gamma")) {
      SampleWorld.fill(system.database(name));
    }
    String store = StoreUris.of(directory.resolve("store"));
    LocalSystem other = LocalSystem.inMemory();
    SampleWorld.fill(other.database("beta"));
    succeeding("backup", "--store", store, "--source", other.clientMap(), "--db", "beta");

    CommandRun run = CommandRun.of(all(store));
    assertThat(run.exitCode()).isEqualTo(22);
    List<String> rows = run.out().lines().toList();
    assertThat(rows).hasSize(4);
    assertThat(rows.get(1)).startsWith("alpha ").endsWith("stored");
    assertThat(rows.get(2)).startsWith("beta ").contains("error 22: Failed to back up into");
    assertThat(rows.get(3)).startsWith("gamma ").endsWith("stored");
    assertThat(run.err().lines().toList())
        .hasSize(2)
        .satisfies(
            lines -> {
              assertThat(lines.get(0)).startsWith("error: ").contains("1 of 3 databases", ": beta");
              assertThat(lines.get(1)).startsWith("hint: ").contains("another backup name");
            });
    CommandRun again = CommandRun.of(all(store, "--json"));
    assertThat(again.exitCode()).isEqualTo(22);
    assertThat(again.error()).containsEntry("code", 22L);
    assertThat(databases(again.json()).get(1)).containsEntry("name", "beta").containsKey("error");
    assertThat(object(databases(again.json()).get(1).get("error"))).containsEntry("code", 22L);
    assertThat(databases(again.json()).get(2)).containsEntry("transactions", 0L);
  }

  /** Whoever interrupts wants an end, and not the next database. */
  @Test
  void anInterruptStopsThemAll() {
    for (String name : List.of("alpha", "beta")) {
      SampleWorld.fill(system.database(name));
    }
    MemoryBackupStore store = new MemoryBackupStore();
    Thread thread = Thread.currentThread();
    BackupOptions options =
        BackupOptions.DEFAULTS
            .withTransactionCountMax(10)
            .withParallelism(1)
            .withListener(progress -> thread.interrupt());
    assertThatThrownBy(
            () ->
                Cloning.with(store)
                    .backupAllDatabases(DatomicClient.ofEdn(system.clientMap()), options))
        .isInstanceOf(IncompleteBackupException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(StoredBackup.names(store)).containsExactly("alpha");
  }

  @Test
  void theWorstFailureIsTheExitCode() {
    IncompleteBackupException passing = new IncompleteBackupException("a", "run it again", null);
    assertThat(exitCode(passing)).isEqualTo(3);
    assertThat(exitCode(passing, new IllegalStateException())).isEqualTo(1);
    assertThat(exitCode(new StoreAccessDeniedException("b", "c", null), passing)).isEqualTo(12);
    assertThat(
            exitCode(
                new StoreAccessDeniedException("b", "c", null),
                new CorruptSegmentException("d", "e", null),
                passing))
        .isEqualTo(20);
  }

  /** A misspelt system is an empty one: a job that backs it up must not look healthy. */
  @Test
  void aSystemWithoutDatabasesIsAFailure() {
    String store = StoreUris.of(directory.resolve("store"));
    assertThat(failing(10, all(store)).err()).contains("the system has none");
  }

  @Test
  void itGoesWithNeitherANameNorFollowing() {
    String store = StoreUris.of(directory.resolve("store"));
    system.database("alpha");
    for (String more : List.of("--db=a", "--name=a", "--follow", "--range=[0, 5)")) {
      assertThat(failing(2, all(store, more)).err()).contains("--all-databases");
    }
    assertThat(failing(2, "backup", "--store", store, "--source", system.clientMap()).err())
        .contains("--db");
    assertThat(directory).isEmptyDirectory();
  }

  private static int exitCode(RuntimeException... failures) {
    Stream<DatabaseBackup> failed =
        Stream.of(failures)
            .map(each -> new DatabaseBackup("d", Optional.empty(), Optional.of(each)));
    BackupSummary summary = new BackupSummary(List.of(), 5, Duration.ZERO);
    DatabaseBackup done = new DatabaseBackup("e", Optional.of(summary), Optional.empty());
    return BackupReport.ofAll("store", Stream.concat(failed, Stream.of(done)).toList())
        .problem()
        .orElseThrow()
        .exitCode();
  }

  private String[] all(String store, String... more) {
    String[] arguments = {
      "backup", "--all-databases", "--store", store, "--source", system.clientMap()
    };
    return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
  }

  private static List<Map<String, Object>> databases(Map<String, Object> json) {
    assertThat(json.get("databases")).isInstanceOf(List.class);
    return ((List<?>) Objects.requireNonNull(json.get("databases")))
        .stream().map(CommandRun::object).toList();
  }
}
