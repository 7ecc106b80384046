package com.fulcrologic.datomiccloudbackup.cli;

import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.failing;
import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.succeeding;
import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The four forms of the command, its receipt, and its exit codes. */
class VerifyCommandTest {
  @TempDir private static Path directory;
  private static LocalSystem system;
  private static DatomicConnection source;
  private static String store = "";

  @BeforeAll
  static void restoreAWorld() {
    system = LocalSystem.in(directory.resolve("databases"));
    source = system.database("world");
    SampleWorld.fill(source);
    store = StoreUris.of(directory.resolve("store"));
    succeeding("backup", "--source", system.clientMap(), "--db", "world", "--store", store);
    restore("restored");
  }

  @Test
  void allFourFormsFindEqualLogsEqual() {
    String map = system.clientMap();
    List<String[]> forms =
        List.of(
            args("--store", store, "--name", "world", "--target", map, "--db", "restored"),
            args("--source", map, "--db", "world", "--target", map, "--target-db", "restored"),
            args("--source", map, "--db", "world", "--store", store),
            args("--restore", "--store", store, "--name", "world"));
    for (String[] form : forms) {
      assertThat(succeeding(form).out()).endsWith("equal\n");
      Map<String, Object> json =
          succeeding(Stream.concat(Stream.of(form), Stream.of("--json")).toArray(String[]::new))
              .json();
      assertThat(json)
          .containsEntry("equal", true)
          .containsEntry("transactions", source.basisT() + 1)
          .containsEntry("differences", List.of());
    }
  }

  @Test
  void aProofFromABaselineSaysWhichPartWasProvedHow() {
    long t = source.basisT() - 3;
    String[] form = args("--restore", "--baseline=" + t, "--store", store, "--name", "world");
    CommandRun run = succeeding(form);
    assertThat(run.out())
        .contains("baseline t " + t + " compared by its state: ")
        .endsWith("equal\n");
    Map<String, Object> json =
        succeeding(Stream.concat(Stream.of(form), Stream.of("--json")).toArray(String[]::new))
            .json();
    assertThat(json).containsEntry("equal", true).containsEntry("transactions", 3L);
    assertThat(CommandRun.object(json.get("baseline"))).containsEntry("t", t);
    assertThat(
            succeeding(args("--restore", "--baseline", "--store", store, "--name", "world")).out())
        .contains("baseline t " + source.basisT());
    assertThat(failing(2, args("--restore", "--baseline=x", "--store", store, "--name", "world")))
        .isNotNull();
    assertThat(
            failing(
                2,
                args(
                    "--baseline",
                    "--store",
                    store,
                    "--name",
                    "world",
                    "--target",
                    "{}",
                    "--db",
                    "x")))
        .isNotNull();
  }

  /** What UnequalTransactionTest tells of: Datomic logs it otherwise, whoever sends it. */
  @Test
  void aRestoreThatDatomicLogsOtherwiseEndsWith30AndIsComplete() {
    DatomicConnection odd = system.database("odd");
    for (String forms :
        List.of(
            "[{:db/ident :p/a :db/valueType :db.type/string :db/cardinality :db.cardinality/one"
                + "  :db/unique :db.unique/identity}"
                + " {:db/ident :p/b :db/valueType :db.type/string"
                + "  :db/cardinality :db.cardinality/one}"
                + " {:db/ident :p/a+b :db/valueType :db.type/tuple :db/tupleAttrs [:p/a :p/b]"
                + "  :db/cardinality :db.cardinality/one}]",
            "[[:db/add :p/b :p/a \"given away\"]]",
            "[[:db/retract :p/b :p/a \"given away\"] [:db/add \"x\" :p/a \"given away\"]]")) {
      odd.transact((List<?>) Edn.read(forms));
    }
    String map = system.clientMap();
    succeeding("backup", "--source", map, "--db", "odd", "--store", store);
    CommandRun restore =
        CommandRun.of(
            "restore",
            "--json",
            "--store",
            store,
            "--name",
            "odd",
            "--target",
            map,
            "--db",
            "odd-restored",
            "--create");
    assertThat(restore.exitCode()).isEqualTo(30);
    assertThat(restore.json())
        .containsEntry("lastSourceT", odd.basisT())
        .containsEntry("unequalTs", List.of(odd.basisT()));
    assertThat(restore.err()).contains("source t " + odd.basisT()).contains("hint:");
  }

  @Test
  void aDifferenceEndsWith30AndIsKept() throws IOException {
    restore("written");
    system
        .database("written")
        .transact((List<?>) Edn.read("[[:db/add \"x\" :w/name \"a secret\"]]"));
    Path receipt = directory.resolve("receipt.json");
    String[] verify =
        args(
            "--json",
            "--store",
            store,
            "--name",
            "world",
            "--target",
            system.clientMap(),
            "--db",
            "written",
            "--receipt",
            receipt.toString());
    CommandRun run = CommandRun.of(verify);
    assertThat(run.exitCode()).isEqualTo(ExitCode.LOGS_DIFFER);
    assertThat(run.json()).containsEntry("equal", false);
    assertThat(run.error()).containsEntry("code", 30L);
    assertThat(run.out()).doesNotContain("a secret");
    assertThat(Files.readString(receipt)).contains("\"equal\":false", "\"foreign\"");
    assertThat(CommandRun.of(verify).exitCode()).as("never overwritten").isEqualTo(2);
  }

  /** The verdict comes first, in what is printed and in the exit code. */
  @Test
  void aReceiptThatCannotBeWrittenChangesNoVerdict() throws IOException {
    restore("unchanged");
    String[] verify =
        args("--store", store, "--name", "world", "--target", system.clientMap()).clone();
    String[] nowhere = {"--db", "unchanged", "--receipt", "/proc/receipt.json"};
    CommandRun equal = CommandRun.of(with(verify, nowhere));
    assertThat(equal.exitCode()).as(equal.err()).isEqualTo(2);
    assertThat(equal.out()).contains("equal");
    assertThat(equal.err())
        .contains("warning: Failed to keep the receipt", "error: Failed to keep");

    system.database("unchanged").transact((List<?>) Edn.read("[[:db/add \"x\" :w/name \"n\"]]"));
    CommandRun different = CommandRun.of(with(verify, nowhere));
    assertThat(different.exitCode()).as(different.err()).isEqualTo(ExitCode.LOGS_DIFFER);
    assertThat(different.err()).contains("Failed to keep the receipt");
    assertThat(
            CommandRun.of(with(verify, "--json", "--db=unchanged", nowhere[2], nowhere[3])).json())
        .containsEntry("equal", false);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).noneMatch(file -> file.toString().contains("dcb-receipt"));
    }
  }

  @Test
  void whatDoesNotBelongTogetherIsRefused() {
    SampleWorld.fill(system.database("other"));
    String map = system.clientMap();
    succeeding("backup", "--source", map, "--db", "other", "--store", store);
    String[] target = {"--target", map, "--db", "restored"};
    assertThat(failing(25, with(args("--store", store, "--name", "other"), target)).err())
        .contains("backup world, not other");
    failing(
        25, with(args("--source", map, "--db", "other", "--target", map), "--target-db=restored"));
    failing(22, args("--source", map, "--db", "other", "--store", store, "--name", "world"));
  }

  @Test
  void whatIsNoFormIsRefused() {
    failing(2, args("--store", store));
    failing(2, args("--restore", "--name", "world"));
    failing(2, args("--restore", "--store", store, "--name", "world", "--target", "{}"));
    failing(2, args("--source", "{}", "--target", "{}", "--db", "a", "--store", store));
    failing(10, args("--restore", "--store", store, "--name", "wrold"));
  }

  private static void restore(String database) {
    succeeding(
        "restore",
        "--store",
        store,
        "--name",
        "world",
        "--target",
        system.clientMap(),
        "--db",
        database,
        "--create");
  }

  private static String[] with(String[] arguments, String... more) {
    return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
  }

  private static String[] args(String... options) {
    return Stream.concat(Stream.of("verify"), Stream.of(options)).toArray(String[]::new);
  }
}
