package com.fulcrologic.datomiccloudbackup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.NothingNewAvailable;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.testing.Stores;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a real database through a store into another one, and the logs held against each other. */
class RoundTripTest {
  private static LocalSystem system;
  private static DatomicConnection source;

  @BeforeAll
  static void makeSource() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    SampleWorld.fill(source);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 10, 10_000})
  void restoresEverythingFromSegmentsOf(int transactionCountMax) {
    Cloning cloning = Cloning.with(Stores.memory());
    cloning.backup(
        "w", source, BackupOptions.DEFAULTS.withTransactionCountMax(transactionCountMax));
    DatomicConnection target = system.newDatabase();
    restoreAll(cloning, target);
    LogComparison.assertEqual(source, target);
  }

  @Test
  void restoresADurableDatabaseThroughADirectory(@TempDir Path directory) {
    DatomicConnection durable = LocalSystem.in(directory.resolve("source")).newDatabase();
    SampleWorld.fill(durable);
    BackupStore store = Stores.in(directory.resolve("backup"));
    Cloning.with(store).backup("w", durable, BackupOptions.DEFAULTS.withTransactionCountMax(10));
    DatomicConnection target = LocalSystem.in(directory.resolve("target")).newDatabase();
    restoreAll(Cloning.with(store), target);
    LogComparison.assertEqual(durable, target);
  }

  @Test
  void followsAGrowingSource() {
    DatomicConnection growing = system.newDatabase();
    SampleWorld.fill(growing);
    Cloning cloning = Cloning.with(Stores.memory());
    DatomicConnection target = system.newDatabase();
    for (int round = 1; round <= 3; round++) {
      while (cloning.backupNextSegment("w", growing, 9) instanceof BackedUpSegment) {
        // until nothing is new
      }
      restoreAll(cloning, target);
      LogComparison.assertEqual(growing, target);
      SampleWorld.grow(growing, round);
    }
  }

  @Test
  void resumesInsideASegmentWithNothingRemembered() {
    BackupStore store = Stores.memory();
    Cloning.with(store).backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(10));
    DatomicConnection target = system.newDatabase();
    for (long t = 0; t <= source.basisT(); t += 3) {
      RestoreOptions toT = RestoreOptions.DEFAULTS.until(t);
      Cloning fresh = Cloning.with(store);
      while (fresh.restoreSegment("w", target, toT) instanceof RestoredSegment) {
        // until it is reached
      }
      LogComparison.assertEqualThrough(t, source, target);
    }
    restoreAll(Cloning.with(store), target);
    LogComparison.assertEqual(source, target);
  }

  private static void restoreAll(Cloning cloning, DatomicConnection target) {
    RestoreOutcome outcome = cloning.restoreSegment("w", target, RestoreOptions.DEFAULTS);
    while (outcome instanceof RestoredSegment) {
      outcome = cloning.restoreSegment("w", target, RestoreOptions.DEFAULTS);
    }
    assertThat(outcome).isInstanceOf(NothingNewAvailable.class);
  }
}
