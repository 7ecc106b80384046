package com.fulcrologic.datomiccloudbackup.cli;

import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.failing;
import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.succeeding;
import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.testing.ChildJvm;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log that several processes back up at once, each its share. */
class ShardCommandsTest {
  private static final int PROCESS_COUNT = 3;

  @TempDir private static Path directory;
  private static LocalSystem system;

  @BeforeAll
  static void makeSource() {
    system = LocalSystem.in(directory.resolve("databases"));
    SampleWorld.fill(system.database("world"));
  }

  /** Each on a copy of the database, since durable Local serves one process at a time. */
  @Test
  void processesThatBackUpSharesAtOnceStoreTheWholeLog() throws Exception {
    String store = StoreUris.of(directory.resolve("shares"));
    long endT = system.database("world").basisT() + 1;
    String whole = "[0, " + endT + ")";

    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < PROCESS_COUNT; i++) {
      String[] share = {"--range", whole, "--shard", "" + i, "--of", "" + PROCESS_COUNT};
      processes.add(start(i, with(backup(store, copy(i)), share)));
    }
    for (int i = 0; i < PROCESS_COUNT; i++) {
      assertThat(processes.get(i).waitFor(5, TimeUnit.MINUTES)).isTrue();
      String told = Files.readString(output(i), StandardCharsets.UTF_8);
      assertThat(processes.get(i).exitValue()).as(told).isZero();
      assertThat(told).contains("now holds all of shard " + i + " of 3 of t 0 to " + (endT - 1));
    }

    succeeding("gaps", "--store", store, "--name", "world");
    assertThat(
            succeeding(
                    "verify",
                    "--store",
                    store,
                    "--source",
                    system.clientMap(),
                    "--db",
                    "world",
                    "--json")
                .json())
        .containsEntry("equal", true)
        .containsEntry("range", Map.of("firstT", 0L, "lastT", endT - 1));
    succeeding("check", "--store", store, "--name", "world", "--level", "decode");
    assertThat(succeeding(backup(store, system.clientMap())).out()).startsWith("nothing new: ");
  }

  @Test
  void aRangeIsBackedUpAloneAndOnce() {
    String store = StoreUris.of(directory.resolve("range"));
    String[] backup = with(backup(store, system.clientMap()), "--range", "[8,20)");
    Map<String, Object> stored = succeeding(with(backup, "--json")).json();
    assertThat(stored)
        .containsEntry("transactions", 12L)
        .containsEntry("range", Map.of("firstT", 8L, "lastT", 19L));
    assertThat(Objects.requireNonNull((List<?>) stored.get("segments"))).hasSize(3);
    assertThat(succeeding(backup).out()).contains("nothing new", "holds all of t 8 to 19");
    assertThat(succeeding(with(backup, "--shard", "19", "--of", "20", "--json")).json())
        .containsEntry("transactions", 0L)
        .containsEntry("shard", 19L)
        .containsEntry("of", 20L);
    CommandRun gaps = CommandRun.of("gaps", "--store", store, "--name", "world");
    assertThat(gaps.exitCode()).isEqualTo(21);
    assertThat(gaps.out()).isEqualTo("missing: t 0 to 7\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--range=canary",
        "--range=0-10",
        "--range=[10, 10)",
        "--range=[9999999999999999999, 99999999999999999999)",
        "--range=[0, 5) --shard=2",
        "--range=[0, 5) --of=2",
        "--range=[0, 5) --shard=2 --of=2",
        "--range=[0, 5) --shard=-1 --of=2",
        "--range=[0, 5) --shard=0 --of=10001",
        "--shard=0 --of=2",
        "--range=[0, 5) --follow"
      })
  void whatIsNoRangeOrShareIsRefused(String options) {
    String store = StoreUris.of(directory.resolve("refused"));
    String[] backup = with(backup(store, system.clientMap()), options.split(" (?=--)"));
    Path stored = directory.resolve("refused");
    CommandRun run = CommandRun.of(backup);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--").doesNotContain("canary");
    assertThat(stored).doesNotExist();
  }

  @Test
  void aRangeBeyondTheSourceIsNotReachable() {
    String store = StoreUris.of(directory.resolve("beyond"));
    assertThat(failing(24, with(backup(store, system.clientMap()), "--range", "[0, 100000)")).err())
        .contains("basis is t ");
  }

  private static String[] backup(String store, String clientMap) {
    return new String[] {
      "backup", "--store", store, "--db", "world", "--source", clientMap, "--txns-per-segment", "4"
    };
  }

  private static String[] with(String[] arguments, String... more) {
    return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
  }

  private static String copy(int number) throws IOException {
    Path from = directory.resolve("databases");
    Path to = directory.resolve("copy-" + number);
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
    return system.clientMap().replace(from.toString(), to.toString());
  }

  private static Path output(int number) {
    return directory.resolve("output-" + number);
  }

  private static Process start(int number, String... arguments) throws IOException {
    return new ProcessBuilder(ChildJvm.command(List.of("-Xmx512m"), Main.class, arguments))
        .redirectErrorStream(true)
        .redirectOutput(output(number).toFile())
        .start();
  }
}
