package com.fulcrologic.datomiccloudbackup.cli;

import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.failing;
import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.object;
import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.succeeding;
import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restore that begins with the state as of a t, from the command line. */
class BaselineCommandTest {
  @TempDir private static Path directory;
  private static LocalSystem system = LocalSystem.inMemory();
  private static String store = "";

  @BeforeAll
  static void backUp() {
    system = LocalSystem.in(directory.resolve("databases"));
    store = StoreUris.of(directory.resolve("store"));
    SampleWorld.fill(system.database("world"));
    succeeding(
        "backup",
        "--source",
        system.clientMap(),
        "--db",
        "world",
        "--store",
        store,
        "--txns-per-segment",
        "7");
  }

  private static String[] restore(String database, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("restore", "--store", store, "--name", "world", "--create", "--target"));
    arguments.addAll(List.of(system.clientMap(), "--db", database));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  @Test
  void beginsWithTheStateAndGoesOn() {
    succeeding(restore("early", "--baseline=30", "--to-t", "30", "--spill", directory.toString()));
    succeeding(restore("early", "--baseline=30"));
    DatomicConnection source = system.database("world");
    LogComparison.assertEqualFromBaseline(30, source, system.database("early"));
    assertThat(succeeding(restore("early", "--baseline")).out()).contains("nothing new");
  }

  @Test
  void beginsWithTheNewestState() {
    DatomicConnection source = system.database("world");
    assertThat(succeeding(restore("newest", "--baseline", "--json")).json())
        .containsEntry("lastSourceT", source.basisT());
    LogComparison.assertEqualFromBaseline(source.basisT(), source, system.database("newest"));
  }

  /** A load is no transaction, and the transactions after it are counted apart. */
  @Test
  void reportsTheStateAndTheTransactionsAfterIt() {
    Map<String, Object> loaded = succeeding(restore("as-data", "--baseline=30", "--json")).json();
    Map<String, Object> proved = succeeding(verify("as-data", "--json")).json();
    for (String each : List.of("transactions", "datoms")) {
      assertThat(loaded.get(each)).as(each).isEqualTo(proved.get(each));
    }
    long datoms = stateSize(30);
    assertThat(object(loaded.get("baseline")))
        .containsEntry("t", 30L)
        .containsEntry("datoms", datoms);

    String state =
        "  loaded the state as of source t 30: "
            + Words.counted(datoms, "datom")
            + " with Datomic's own, in ";
    assertThat(succeeding(restore("as-text", "--baseline=30", "--to-t", "30")).out())
        .contains(state)
        .doesNotContain("transaction", "nothing new");
    assertThat(succeeding(restore("as-text", "--baseline=30", "--to-t", "31")).out())
        .contains("  restored t 31: 1 transaction, ", " from 1 segment, in ")
        .doesNotContain("loaded");
    assertThat(succeeding(restore("at-once", "--baseline=30", "--to-t", "32")).out())
        .contains(state, "  restored t 31 to 32: 2 transactions, ");
  }

  /** The datoms of the source's state. */
  private static long stateSize(long t) {
    try (Stream<Datom> datoms = system.database("world").datoms(View.asOf(t), Index.EAVT)) {
      return datoms.count();
    }
  }

  private static String[] verify(String database, String... more) {
    List<String> arguments = new ArrayList<>(List.of("verify", "--store", store, "--name"));
    arguments.addAll(List.of("world", "--target", system.clientMap(), "--db", database));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  @Test
  void refusesATargetThatWasBegunOtherwise() {
    succeeding(restore("whole", "--to-t", "20"));
    assertThat(failing(25, restore("whole", "--baseline=20")).err())
        .contains("begun with the first transaction, not with a baseline");
    succeeding(restore("based", "--baseline=20", "--to-t", "25"));
    assertThat(failing(25, restore("based", "--baseline=21")).err())
        .contains("begun with the baseline of t 20");
    assertThat(failing(25, restore("based")).err()).contains("begun with the baseline of t 20");
  }

  @Test
  void refusesAPointThatIsNotStored() {
    failing(24, restore("none", "--baseline=100000"));
    failing(24, restore("none", "--baseline=30", "--to-t", "20"));
    failing(2, restore("none", "--baseline=soon"));
    failing(2, restore("none", "--baseline", "--spill", directory + "/nowhere"));
  }
}
