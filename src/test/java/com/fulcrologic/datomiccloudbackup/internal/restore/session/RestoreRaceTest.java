package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.AT_ONCE;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.ONE_BY_ONE;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.backup;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetInUseException;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.Claim;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.Claiming;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.TargetInspector;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.testing.Stores;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Several restores at one target: one goes on, the others are told why they do not. */
class RestoreRaceTest extends SampleBackup {
  private static final int RESTORER_COUNT = 4;

  /** The losers stop with the reason; the target is never spoiled, and can always be finished. */
  @RepeatedTest(20)
  void oneGoesOnAndTheOthersAreTold() throws Exception {
    DatomicConnection target = system.newDatabase();
    ExecutorService executor = Executors.newFixedThreadPool(RESTORER_COUNT);
    CyclicBarrier start = new CyclicBarrier(RESTORER_COUNT);
    List<Callable<Boolean>> restorers = new ArrayList<>();
    for (int i = 0; i < RESTORER_COUNT; i++) {
      restorers.add(
          () -> {
            start.await();
            try {
              restoreAll(new Restoring(backup), target, OPTIONS);
              return true;
            } catch (TargetInUseException lost) {
              return false;
            }
          });
    }
    try {
      for (Future<Boolean> end : executor.invokeAll(restorers)) {
        end.get(); // anything but TargetInUseException fails the test
      }
    } finally {
      executor.shutdown();
    }
    restoreAll(new Restoring(backup), target, OPTIONS);
    LogComparison.assertEqual(source, target);
  }

  /**
   * A claim by somebody else between our look and our claim is not one that we may claim on top of.
   */
  @Test
  void doesNotClaimOnTopOfAClaim() {
    DatomicConnection target = system.newDatabase();
    Claim claim =
        Claim.of(
            "w",
            backup.info(backup.newest().orElseThrow().range()).source(),
            OPTIONS,
            new TreeSet<>(),
            new TreeSet<>(),
            OptionalLong.empty(),
            false);
    Claiming late = new Claiming(target, AT_ONCE);
    assertThat(late.recognize(claim)).isEmpty();
    restoreAll(new Restoring(backup), target, OPTIONS.until(5));
    assertThatThrownBy(() -> late.claim(claim, late.inspector().bootstrap().baseSchema()))
        .isInstanceOf(TargetInUseException.class);
    restoreAll(new Restoring(backup), target, OPTIONS);
    LogComparison.assertEqual(source, target);
  }

  /** Our claim's outcome is unknown, and meanwhile another restore has got somewhere. */
  @Test
  void takesNoTargetForFreshThatAnotherRestoreHasBegun() {
    DatomicConnection target = system.newDatabase();
    DatomicConnection overtaken =
        new ForwardingConnection(target) {
          private boolean isFirst = true;

          @Override
          public TransactionReport transact(List<?> txData) {
            if (isFirst) {
              isFirst = false;
              restoreAll(new Restoring(backup), target, OPTIONS.until(8));
              throw new AnomalyException("transact", Anomaly.UNAVAILABLE, null, null);
            }
            return super.transact(txData);
          }
        };
    assertThatThrownBy(() -> restoreAll(new Restoring(backup), overtaken, OPTIONS))
        .isInstanceOf(TargetInUseException.class);
    restoreAll(new Restoring(backup), target, OPTIONS);
    LogComparison.assertEqual(source, target);
  }

  /** It is in the target, and whoever brought it is at work: one of the two has to stop. */
  @Test
  void takesNoTransactionOfAnotherRestoreForItsOwn() {
    DatomicConnection target = system.newDatabase();
    restoreAll(new Restoring(backup), target, ONE_BY_ONE.until(12));
    DatomicConnection overtaken =
        new ForwardingConnection(target) {
          @Override
          public TransactionReport transact(List<?> txData) {
            if (new TargetInspector(target, AT_ONCE).position().sourceT() == 13) {
              new Restoring(backup).restoreSegment(target, ONE_BY_ONE.until(14));
            }
            return super.transact(txData);
          }
        };
    assertThatThrownBy(() -> restoreAll(new Restoring(backup), overtaken, ONE_BY_ONE))
        .isInstanceOf(TargetInUseException.class)
        .hasMessageContaining("has restored t 14");
    restoreAll(new Restoring(backup), target, OPTIONS);
    LogComparison.assertEqual(source, target);
  }

  /**
   * What another restore brings while ids are looked up is found there, as is a transaction that
   * the log spoke of before it came; the log is not to blame.
   */
  @Test
  void doesNotTakeWhatAnotherRestoreBroughtForSpokenOfBefore() {
    DatomicConnection target = system.newDatabase();
    restoreAll(new Restoring(backup), target, ONE_BY_ONE.until(12));
    DatomicConnection overtaken =
        new ForwardingConnection(target) {
          @Override
          public List<Datom> indexRange(Object attribute, Object start, Object end, int countMax) {
            if (new TargetInspector(target, AT_ONCE).position().sourceT() == 12) {
              new Restoring(backup).restoreSegment(target, ONE_BY_ONE.until(14));
            }
            return super.indexRange(attribute, start, end, countMax);
          }
        };
    assertThatThrownBy(() -> restoreAll(new Restoring(backup), overtaken, ONE_BY_ONE))
        .isInstanceOf(TargetInUseException.class)
        .hasMessageContaining("has restored t 14");
    restoreAll(new Restoring(backup), target, OPTIONS);
    LogComparison.assertEqual(source, target);
  }

  /** It knows an older backup then than the target has got, until it looks. */
  @Test
  void oneThatPollsIsOvertakenByAnother() {
    DatomicConnection growing = system.newDatabase();
    DatomicConnection target = system.newDatabase();
    BackupStore store = Stores.memory();
    Cloning cloning = Cloning.with(store);
    cloning.backup("w", growing, BackupOptions.DEFAULTS);
    RestoreOptions filtered = ONE_BY_ONE.excluding(":db/fulltext");
    Restoring polling = new Restoring(StoredBackup.of(store, "w"));
    restoreAll(polling, target, filtered);
    // The next poll after these two does not see what is stored now.
    polling.pollSegment(target, filtered);
    polling.pollSegment(target, filtered);
    SampleWorld.note(growing);
    cloning.backup("w", growing, BackupOptions.DEFAULTS);
    restoreAll(new Restoring(StoredBackup.of(store, "w")), target, filtered);
    SampleWorld.note(growing);
    cloning.backup("w", growing, BackupOptions.DEFAULTS);

    assertThat(polling.pollSegment(target, filtered)).isInstanceOf(RestoredSegment.class);
    LogComparison.assertEqual(growing, target);
  }
}
