package com.fulcrologic.datomiccloudbackup.cli;

import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.failing;
import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.succeeding;
import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
