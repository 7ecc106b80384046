package com.fulcrologic.datomiccloudbackup.cli;

import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.failing;
import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.succeeding;
import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.PrivateWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies for staging, with filters and masks, from the command line. */
class CopyStateCommandTest {
  private static final String SALT = "not to be shown 0123";

  @TempDir private static Path directory;
  private static LocalSystem system = LocalSystem.inMemory();
  private static String store = "";
  private static String salt = "";

  @BeforeAll
  static void backUp() throws IOException {
    system = LocalSystem.in(directory.resolve("databases"));
    store = StoreUris.of(directory.resolve("store"));
    PrivateWorld.fill(system.database("world"));
    salt = Files.writeString(directory.resolve("salt"), SALT).toString();
    succeeding("backup", "--source", system.clientMap(), "--db", "world", "--store", store);
  }

  private static String[] live(String database, String... more) {
    return copy(database, List.of("--source", system.clientMap(), "--db", "world"), more);
  }

  private static String[] stored(String database, String... more) {
    return copy(database, List.of("--store", store, "--name", "world"), more);
  }

  private static String[] copy(String database, List<String> from, String... more) {
    List<String> arguments = new ArrayList<>(List.of("copy-state"));
    arguments.addAll(from);
    arguments.addAll(List.of("--target", system.clientMap(), "--target-db", database, "--create"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  @Test
  void copiesTheStateOfALiveSourceOrABackup() {
    long t = system.database("world").basisT();
    CommandRun run = succeeding(live("live", "--json", "--spill", directory.toString()));
    assertThat(run.json())
        .containsEntry("source", "database world")
        .containsEntry("sourceT", t)
        .containsEntry("unequalTs", List.of());
    LogComparison.assertEqualFromBaseline(t, system.database("world"), system.database("live"));
    assertThat(succeeding(live("live")).out()).startsWith("nothing new: ");

    assertThat(succeeding(stored("stored")).out()).startsWith("the state of backup world in ");
    LogComparison.assertEqualFromBaseline(t, system.database("world"), system.database("stored"));
    assertThat(succeeding(stored("early", "--at", "20", "--json")).json())
        .containsEntry("sourceT", 20L);
    succeeding(
        "verify",
        "--store",
        store,
        "--name",
        "world",
        "--target",
        system.clientMap(),
        "--db",
        "early");
    assertThat(
            failing(
                    25,
                    "restore",
                    "--store",
                    store,
                    "--name",
                    "world",
                    "--target",
                    system.clientMap(),
                    "--db",
                    "stored")
                .err())
        .contains("it is a copy");
  }

  @Test
  void masksAndFiltersACopyAndARestore() {
    String[] filters = {
      "--include",
      ":customer/*",
      "--include",
      ":order/contact",
      "--exclude",
      ":customer/home",
      "--mask",
      ":customer/email=fake",
      "--mask",
      ":order/contact=fake",
      "--mask",
      ":customer/name=truncate:2",
      "--mask",
      ":customer/ssn=hash",
      "--mask",
      ":customer/phones=null-out",
      "--mask-salt",
      salt
    };
    List<String> restore =
        new ArrayList<>(
            List.of(
                "restore",
                "--store",
                store,
                "--name",
                "world",
                "--target",
                system.clientMap(),
                "--db",
                "masked-restore",
                "--create"));
    restore.addAll(List.of(filters));
    for (CommandRun run :
        List.of(
            succeeding(live("masked-live", filters)),
            succeeding(stored("masked-stored", filters)),
            succeeding(restore.toArray(String[]::new)))) {
      assertThat(run.out() + run.err()).doesNotContain(SALT).doesNotContain("warning");
    }
    for (String name : List.of("masked-live", "masked-stored", "masked-restore")) {
      assertThat(PrivateWorld.everythingIn(system.database(name)))
          .contains("@example.com")
          .doesNotContainIgnoringCase(PrivateWorld.CANARY)
          .doesNotContain("\"note ", SALT);
      String[] verify = {
        "verify",
        "--source",
        system.clientMap(),
        "--db",
        "world",
        "--target",
        system.clientMap(),
        "--target-db",
        name
      };
      assertThat(succeeding(verify).out())
          .contains(
              "  excluded: :customer/home\n",
              "  included: :customer/* :order/contact\n",
              "  masked: :customer/email=fake :customer/name=truncate:2 :customer/phones=null-out"
                  + " :customer/ssn=hash :order/contact=fake\n");
    }
    assertThat(succeeding(live("warned", "--include", ":customr/*")).err())
        .startsWith("warning: no attribute has ever been named :customr/*");
  }

  @Test
  void refusesBadInput() throws IOException {
    String small = Files.writeString(directory.resolve("small"), "15 bytes only..").toString();
    Path large = directory.resolve("large");
    Files.write(large, new byte[5_000]);
    for (String[] filters :
        List.of(
            new String[] {"--mask", ":customer/name"},
            new String[] {"--mask", ":customer/name=rot13"},
            new String[] {"--mask", ":customer/name=truncate:0"},
            new String[] {"--mask", ":customer/name=hash"},
            new String[] {"--mask", ":customer/name=hash", "--mask-salt", small},
            new String[] {"--mask", ":customer/name=hash", "--mask-salt", large.toString()},
            new String[] {"--mask", ":customer/name=hash", "--mask-salt", directory + "/none"},
            new String[] {"--mask", ":customer/name=null-out", "--mask", ":customer/name=hash"},
            new String[] {"--mask", ":customer/referrer=null-out"},
            new String[] {"--mask", ":customer/nobody=null-out"},
            new String[] {"--include", ":customer/name", "--exclude", ":customer/name"},
            new String[] {"--at", "-1"})) {
      CommandRun run = failing(2, live("bad", filters));
      assertThat(run.err()).contains("hint: ").doesNotContain("Exception");
      failing(2, stored("bad", filters));
    }
    failing(2, live("bad", "--store", store));
    failing(2, stored("bad", "--db", "world"));
    failing(2, "copy-state", "--target", system.clientMap(), "--target-db", "bad");
    failing(24, stored("bad", "--at", "100000"));
    failing(24, live("bad", "--at", "100000"));
    try (Stream<Path> spilled = Files.list(directory)) {
      assertThat(spilled.filter(file -> file.toString().contains("spill"))).isEmpty();
    }
    assertThat(system.database("bad").basisT()).isEqualTo(5);
  }
}
