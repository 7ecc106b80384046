package com.fulcrologic.datomiccloudbackup.pro;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.cli.Main;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.ProSystem;
import com.fulcrologic.datomiccloudbackup.testing.ProWorld;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/migrate.adoc, between Local and Pro, ending with a proof. */
class ProCommandsTest {
  @TempDir private Path directory;

  private final ProSystem pro = new ProSystem();
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
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    return Main.run(args, out, new PrintStream(err, true, StandardCharsets.UTF_8));
  }
}
