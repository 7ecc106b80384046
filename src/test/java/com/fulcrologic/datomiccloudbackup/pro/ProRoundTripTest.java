package com.fulcrologic.datomiccloudbackup.pro;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.NothingNewAvailable;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.testing.Stores;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The round trip between Datomic Local and Datomic Pro. */
class ProRoundTripTest {
  private static final long LOCAL_BOOTSTRAP_T_MAX = 5;
  private static final long PRO_BOOTSTRAP_T_MAX = 66;

  @ParameterizedTest
  @EnumSource
  void restoresEverything(Direction direction) {
    DatomicConnection source = direction.newSource();
    SampleWorld.fill(source);
    Cloning cloning = Cloning.with(new MemoryBackupStore());
    cloning.backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(10));
    DatomicConnection target = direction.newTarget();
    restoreAll(cloning, target);
    LogComparison.assertEqual(source, target);
    assertThat(cloning.verify("w", target, VerifyOptions.DEFAULTS).differences()).isEmpty();
    assertThat(cloning.verifyStored("w", source, VerifyOptions.DEFAULTS).differences()).isEmpty();
  }

  /** The same built-in is {@code :db/cas} in one Datomic, and {@code :db.fn/cas} in the other. */
  @ParameterizedTest
  @EnumSource
  void carriesReferencesToBuiltInsByTheirNameInTheTarget(Direction direction) {
    DatomicConnection source = direction.newSource();
    source.transact(
        (List<?>)
            Edn.read(
                "[{:db/ident :a/calls :db/valueType :db.type/ref"
                    + " :db/cardinality :db.cardinality/many}]"));
    source.transact(
        (List<?>)
            Edn.read(
                "[[:db/add \"e\" :a/calls :db/cas] [:db/add \"e\" :a/calls :db/retractEntity]]"));
    Cloning cloning = Cloning.with(new MemoryBackupStore());
    cloning.backup("w", source, BackupOptions.DEFAULTS);
    DatomicConnection target = direction.newTarget();
    restoreAll(cloning, target);
    LogComparison.assertEqual(source, target);
    assertThat(cloning.verify("w", target, VerifyOptions.DEFAULTS).differences()).isEmpty();
  }

  /** From a sealed store. */
  @ParameterizedTest
  @EnumSource
  void resumesInsideASegmentWithNothingRemembered(Direction direction) {
    DatomicConnection source = direction.newSource();
    SampleWorld.fill(source);
    BackupStore store = Stores.sealed(new MemoryBackupStore());
    Cloning.with(store).backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(10));
    DatomicConnection target = direction.newTarget();
    List<Long> ts = ts(source);
    for (int i = 0; i < ts.size(); i += 3) {
      RestoreOptions toT = RestoreOptions.DEFAULTS.until(ts.get(i));
      Cloning fresh = Cloning.with(store);
      while (fresh.restoreSegment("w", target, toT) instanceof RestoredSegment) {
        // until it is reached
      }
      LogComparison.assertEqualThrough(ts.get(i), source, target);
    }
    restoreAll(Cloning.with(store), target);
    LogComparison.assertEqual(source, target);
  }

  @ParameterizedTest
  @EnumSource
  void beginsWithTheStateAtAnyT(Direction direction) {
    DatomicConnection source = direction.newSource();
    SampleWorld.fill(source);
    Cloning cloning = Cloning.with(new MemoryBackupStore());
    cloning.backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(10));
    for (long t : ts(source)) {
      if (t
          <= (direction == Direction.LOCAL_TO_PRO ? LOCAL_BOOTSTRAP_T_MAX : PRO_BOOTSTRAP_T_MAX)) {
        continue; // no state of its own
      }
      DatomicConnection target = direction.newTarget();
      RestoreOptions options = RestoreOptions.DEFAULTS.fromBaseline(new RestorePoint.AtT(t));
      assertThat(cloning.restore("w", target, options).unequalTs()).as("t " + t).isEmpty();
      LogComparison.assertEqualFromBaseline(t, source, target);
      assertThat(cloning.verify("w", target, VerifyOptions.DEFAULTS).differences()).isEmpty();
    }
  }

  static List<Long> ts(DatomicConnection source) {
    try (Stream<Transaction> log = source.txRange(new TxRange(0, source.basisT() + 1))) {
      return log.map(Transaction::t).toList();
    }
  }

  static void restoreAll(Cloning cloning, DatomicConnection target) {
    RestoreOutcome outcome = cloning.restoreSegment("w", target, RestoreOptions.DEFAULTS);
    while (outcome instanceof RestoredSegment restored) {
      assertThat(restored.unequalTs()).isEmpty();
      outcome = cloning.restoreSegment("w", target, RestoreOptions.DEFAULTS);
    }
    assertThat(outcome).isInstanceOf(NothingNewAvailable.class);
  }
}
