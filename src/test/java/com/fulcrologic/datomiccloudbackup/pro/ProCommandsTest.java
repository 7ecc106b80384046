package com.fulcrologic.datomiccloudbackup.pro;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.cli.Main;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.testing.ChildJvm;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.OwnProcess;
import com.fulcrologic.datomiccloudbackup.testing.ProSystem;
import com.fulcrologic.datomiccloudbackup.testing.ProWorld;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/migrate.adoc, between Local and Pro, ending with a proof. */
class ProCommandsTest {
  @TempDir private Path directory;

  private final ProSystem pro = new ProSystem();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String store = "";

  @BeforeEach
  void nameStore() {
    store = "file:" + directory.resolve("store");
  }

  @Test
  void movesADatabaseFromLocalIntoPro() {
    LocalSystem local = LocalSystem.in(directory.resolve("databases"));
    DatomicConnection source = local.database("shop");
    SampleWorld.fill(source);
    succeeds("backup", "--store", store, "--db", "shop", "--source", local.clientMap());
    succeeds(
        "restore",
        "--store",
        store,
        "--name",
        "shop",
        "--create",
        "--db",
        "shop",
        "--target",
        pro.clientMap());
    succeeds(
        "verify", "--store", store, "--name", "shop", "--db", "shop", "--target", pro.clientMap());
    LogComparison.assertEqual(source, pro.database("shop"));
  }

  @Test
  void backsUpEveryDatabaseOfAProSystemAndProvesOne() {
    ProWorld.fill(pro.database("one"));
    SampleWorld.fill(pro.database("two"));
    succeeds("backup", "--store", store, "--all-databases", "--source", pro.clientMap());
    succeeds("verify", "--store", store, "--name", "one", "--restore");
    succeeds(
        "verify", "--store", store, "--name", "two", "--db", "two", "--source", pro.clientMap());
  }

  @Test
  void tellsWhatIsLeftOutOfLocal() {
    ProWorld.indexes(pro.database("one"));
    succeeds("backup", "--store", store, "--db", "one", "--source", pro.clientMap());
    LocalSystem local = LocalSystem.in(directory.resolve("databases"));
    String[] restore = {
      "restore", "--store", store, "--name", "one", "--create", "--target", local.clientMap()
    };
    succeeds(with(restore, "--db", "text"));
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .as("before and after")
        .filteredOn(line -> line.contains("left out"))
        .hasSize(4)
        .contains(
            "  left out, as the target has no place for it: :db.alter/attribute, 4 datoms"
                + " (:db/doc, :p/count)",
            "  left out, as the target has no place for it: :db/index, 8 datoms"
                + " (:db/doc, :p/count, :p/name)");
    out.reset();
    succeeds(with(restore, "--db", "json", "--json"));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains(
            "{\"kind\":\":db.alter/attribute\",\"names\":[\":db/doc\",\":p/count\"],\"datoms\":4}");
  }

  @Test
  void theDemoRestoresIntoProAndEndsWithAProof() {
    String dir = directory.resolve("demo").toString();
    succeeds("demo", "--target", "pro", "--transactions", "100", "--dir", dir, "--json");
    String json = out.toString(StandardCharsets.UTF_8);
    assertThat(json).contains("\"target\":\"pro\"").contains("\"equal\":true");
    DatomicConnection restored =
        DatomicClient.ofEdn("{:server-type :peer :uri \"datomic:mem://%s\"}")
            .connect("shop-restored");
    DatomicConnection source =
        DatomicClient.ofEdn(
                "{:server-type :datomic-local :system \"source\" :storage-dir \""
                    + dir
                    + "/databases\"}")
            .connect("shop");
    LogComparison.assertEqual(source, restored);
  }

  /** The peer's connection pool prints a stack trace for each attempt. */
  @Test
  void anUnreachableStorageIsOneLine() throws Exception {
    ProcessBuilder command =
        new ProcessBuilder(
            ChildJvm.command(
                List.of(),
                Main.class,
                "backup",
                "--store",
                store,
                "--db",
                "x",
                "--source",
                "{:server-type :peer :uri \"datomic:dev://localhost:1/%s\"}"));
    try (OwnProcess process = new OwnProcess(command)) {
      assertThat(process.exitCode()).as(process.toString()).isNotZero();
      assertThat(process.toString())
          .contains("error: Failed to connect to database x: unavailable")
          .doesNotContain("SEVERE", "\tat ");
    }
  }

  private static String[] with(String[] args, String... more) {
    return Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void refusesDataThatLocalCannotHoldWithCode25() {
    ProWorld.bytes(pro.database("bytes"));
    succeeds("backup", "--store", store, "--db", "bytes", "--source", pro.clientMap());
    LocalSystem local = LocalSystem.in(directory.resolve("databases"));
    String[] restore = {
      "restore",
      "--store",
      store,
      "--name",
      "bytes",
      "--create",
      "--db",
      "bytes",
      "--target",
      local.clientMap()
    };
    assertThat(run(restore)).isEqualTo(25);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains(":p/bytes", "exclude");
  }

  private void succeeds(String... args) {
    assertThat(run(args)).as(err.toString(StandardCharsets.UTF_8)).isZero();
  }

  private int run(String... args) {
    return Main.run(
        args,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }
}
