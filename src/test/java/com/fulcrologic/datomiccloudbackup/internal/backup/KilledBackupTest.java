package com.fulcrologic.datomiccloudbackup.internal.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.check.CheckLevel;
import com.fulcrologic.datomiccloudbackup.check.CheckOptions;
import com.fulcrologic.datomiccloudbackup.check.CheckReport;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.testing.ChildJvm;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.Seeds;
import com.fulcrologic.datomiccloudbackup.testing.Stores;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, killed at random moments while four threads of theirs write. */
class KilledBackupTest {
  private static final int ROUND_COUNT = Integer.getInteger("kills", 4);
  private static final int BACKUP_COUNT = 50;

  @TempDir private Path directory;

  @Test
  void aKilledBackupLeavesNoGapAndIsCompletedByTheNext() throws Exception {
    long seed = Seeds.seed(KilledBackupTest.class);
    SplittableRandom random = new SplittableRandom(seed);
    BackupStore store = Stores.in(directory.resolve("store"));
    LocalSystem system = LocalSystem.in(directory.resolve("databases"));
    system.create("world");
    List<String> begun = new ArrayList<>();
    for (int round = 0; round < ROUND_COUNT; round++) {
      String prefix = "round-" + round + "-";
      List<String> names = IntStream.range(0, BACKUP_COUNT).mapToObj(i -> prefix + i).toList();
      List<String> told =
          told(start(system.clientMap(), names), random.nextInt(1, 12), random.nextInt(80));
      assertThat(told).as("it was killed, seed %d", seed).doesNotContain("stored " + prefix + 49);
      for (String name : names) {
        if (StoredBackup.of(store, name).exists()) {
          requireWhole(check(store, name), seed);
        } else {
          assertThat(told).as("seed %d", seed).doesNotContain("stored " + name);
        }
        if (told.contains("begun " + name)) {
          begun.add(name);
        }
      }
    }
    told(start(system.clientMap(), begun), Integer.MAX_VALUE, 0);
    DatomicConnection source = system.database("world");
    for (String name : begun) {
      assertThat(check(store, name).findings()).as("seed %d %s", seed, name).isEmpty();
      assertThat(StoredBackup.of(store, name).cover().endT())
          .as("seed %d %s", seed, name)
          .isEqualTo(StoredBackup.of(store, begun.get(0)).cover().endT())
          .isEqualTo(source.basisT() + 1);
      VerificationReport report =
          Cloning.with(store).verifyStored(name, source, VerifyOptions.DEFAULTS);
      assertThat(report.isEqual()).as("seed %d %s", seed, name).isTrue();
    }
  }

  /** Each on a copy of the database, since durable Local serves one process at a time. */
  @Test
  void twoProcessesThatBackUpTheSameAtOnceLoseNothing() throws Exception {
    BackupStore store = Stores.in(directory.resolve("store"));
    LocalSystem system = LocalSystem.in(directory.resolve("databases"));
    system.create("world");
    told(start(system.clientMap(), List.of("first")), Integer.MAX_VALUE, 0);
    copy(directory.resolve("databases"), directory.resolve("copies"));
    String copied =
        system
            .clientMap()
            .replace(
                directory.resolve("databases").toString(), directory.resolve("copies").toString());
    assertThat(copied).isNotEqualTo(system.clientMap());

    List<String> names = IntStream.range(0, 6).mapToObj(i -> "shared-" + i).toList();
    Process one = start(system.clientMap(), names);
    Process other = start(copied, names);
    assertThat(told(one, Integer.MAX_VALUE, 0)).contains("stored shared-5");
    assertThat(told(other, Integer.MAX_VALUE, 0)).contains("stored shared-5");

    long end = StoredBackup.of(store, "first").cover().endT();
    for (String name : names) {
      assertThat(check(store, name).findings()).as(name).isEmpty();
      assertThat(check(store, name).foreignKeys()).as(name).isEmpty();
      assertThat(StoredBackup.of(store, name).cover().endT()).as(name).isEqualTo(end);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  private static void requireWhole(CheckReport report, long seed) {
    assertThat(report.findings()).as("seed %d %s", seed, report.location()).isEmpty();
    assertThat(report.foreignKeys()).as("seed %d", seed).isEmpty();
  }

  private static CheckReport check(BackupStore store, String name) {
    return Cloning.with(store).check(name, CheckOptions.DEFAULTS.withLevel(CheckLevel.DECODE));
  }

  private Process start(String clientMap, List<String> names) throws IOException {
    List<String> command =
        ChildJvm.command(
            List.of("-Xmx512m", Stores.jvmArgument()),
            BackingUpProcess.class,
            directory.resolve("store").toString(),
            clientMap,
            "world");
    command.addAll(names);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** What it prints until it is killed, some time after so many lines, or ends. */
  private static List<String> told(Process process, int lineCount, int delayMillis)
      throws IOException, InterruptedException {
    List<String> told = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        told.add(line);
        if (told.size() == lineCount) {
          Thread.sleep(delayMillis);
          process.toHandle().destroyForcibly(); // the process's own method closes its output
        }
      }
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(told).isNotEmpty();
    return told;
  }
}
