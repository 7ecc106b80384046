package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.AT_ONCE;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.ONE_BY_ONE;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.backup;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetInUseException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdMap;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.TargetInspector;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedConnection;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedConnection.Death;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedConnection.Disturbance;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens on the way, the target ends up as if nothing had. */
class RestoreInterruptionTest extends SampleBackup {
  private static final int TRANSACT_COUNT_MAX = 10_000;

  /** The process dies at every single transaction; each time another one goes on. */
  @ParameterizedTest
  @EnumSource(
      value = Disturbance.class,
      names = {"DEATH_BEFORE", "DEATH_AFTER"})
  void resumesAfterDeathAtEveryTransaction(Disturbance death) {
    DatomicConnection target = system.newDatabase();
    int deathCount = 0;
    boolean done = false;
    while (!done) {
      assertThat(++deathCount).isLessThan(TRANSACT_COUNT_MAX);
      // Dead before a transact, a process comes one further each time; dead after it, it does so by
      // itself.
      int survived = death == Disturbance.DEATH_BEFORE ? 1 : 0;
      DatomicConnection mortal =
          new DisturbedConnection(target, number -> number > survived ? death : Disturbance.NONE);
      try {
        restoreAll(new Restoring(backup), mortal, OPTIONS);
        done = true;
      } catch (Death died) {
        // the next process starts with nothing
      }
    }
    int inFlight = OPTIONS.inFlight().countMax(); // what is on its way survives its sender
    assertThat(deathCount).isGreaterThan((int) source.basisT() / inFlight);
    LogComparison.assertEqual(source, target);
  }

  /** Before each commit, and again after it, the answer is lost. */
  @ParameterizedTest
  @EnumSource(
      value = Disturbance.class,
      mode = Mode.INCLUDE,
      names = {"LOST_REQUEST", "LOST_REPLY", "BUSY"})
  void survivesFaultsAtEveryTransaction(Disturbance fault) {
    DatomicConnection target = system.newDatabase();
    DatomicConnection shaky =
        new DisturbedConnection(
            target,
            number ->
                fault == Disturbance.LOST_REPLY || number % 3 != 0 ? fault : Disturbance.NONE);
    restoreAll(new Restoring(backup), shaky, OPTIONS);
    LogComparison.assertEqual(source, target);
  }

  /** Waiting helps, although Datomic calls it incorrect. */
  @Test
  void waitsForAClockThatIsBehind() {
    DatomicConnection target = system.newDatabase();
    DatomicConnection behind =
        new DisturbedConnection(
            target, number -> number % 3 == 2 ? Disturbance.CLOCK_BEHIND : Disturbance.NONE);
    restoreAll(new Restoring(backup), behind, OPTIONS);
    LogComparison.assertEqual(source, target);
  }

  @Test
  void givesUpOnAClockThatStaysBehind() {
    DatomicConnection target = system.newDatabase();
    DatomicConnection behind =
        new DisturbedConnection(
            target, number -> number > 10 ? Disturbance.CLOCK_BEHIND : Disturbance.NONE);
    assertThatThrownBy(() -> restoreAll(new Restoring(backup), behind, ONE_BY_ONE))
        .isInstanceOf(AnomalyException.class)
        .hasMessageContaining("restore t 9")
        .hasMessageContaining("future-tx-instant");
    restoreAll(new Restoring(backup), target, OPTIONS);
    LogComparison.assertEqual(source, target);
  }

  /** What was given up for lost, and sent again, may still arrive: it must change nothing. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 7})
  void survivesRequestsThatArriveLate(int distance) {
    DatomicConnection target = system.newDatabase();
    DisturbedConnection shaky =
        new DisturbedConnection(
            target,
            number -> number > 1 && number % distance == 0 ? Disturbance.LATE : Disturbance.NONE);
    restoreAll(new Restoring(backup), shaky, OPTIONS);
    assertThat(shaky.refusedLateCount()).isPositive();
    LogComparison.assertEqual(source, target);
  }

  @Test
  void givesUpAfterBoundedAttempts() {
    DatomicConnection target = system.newDatabase();
    List<Integer> attempts = new ArrayList<>();
    DatomicConnection dead =
        new DisturbedConnection(
            target,
            number -> {
              attempts.add(number);
              return Disturbance.LOST_REQUEST;
            });
    assertThatThrownBy(() -> restoreAll(new Restoring(backup), dead, OPTIONS))
        .isInstanceOf(AnomalyException.class)
        .hasMessageContaining("unavailable");
    assertThat(attempts).hasSize(OPTIONS.retryPolicy().attemptCountMax());
  }

  /** Eviction makes it forget almost everything, and ask the target instead. */
  @ParameterizedTest
  @ValueSource(ints = {2, 40})
  void restoresWithHardlyAnyMemory(int idCountMax) {
    DatomicConnection target = system.newDatabase();
    restoreAll(
        new Restoring(backup, idCountMax, TransactionSteps.DATOM_COUNT_MAX), target, OPTIONS);
    LogComparison.assertEqual(source, target);
  }

  /** As if nearly every transaction were too large for its bookkeeping. */
  @ParameterizedTest
  @ValueSource(ints = {6, 26, 60})
  void splitsOffTheBookkeepingOfLargeTransactions(int datomCountMax) {
    DatomicConnection target = system.newDatabase();
    Restoring restore = new Restoring(backup, IdMap.SIZE_MAX, datomCountMax);
    restoreAll(restore, target, OPTIONS);
    LogComparison.assertEqual(source, target);
  }

  @ParameterizedTest
  @EnumSource(
      value = Disturbance.class,
      names = {"DEATH_BEFORE", "DEATH_AFTER", "LOST_REPLY"})
  void survivesInsideLargeTransactions(Disturbance fault) {
    DatomicConnection target = system.newDatabase();
    boolean done = false;
    for (int process = 0; !done; process++) {
      assertThat(process).isLessThan(TRANSACT_COUNT_MAX);
      int survived = fault == Disturbance.DEATH_BEFORE ? 1 : 0;
      try {
        DatomicConnection mortal =
            new DisturbedConnection(target, number -> number > survived ? fault : Disturbance.NONE);
        restoreAll(new Restoring(backup, IdMap.SIZE_MAX, 6), mortal, OPTIONS);
        done = true;
      } catch (Death died) {
        // the next process starts with nothing
      }
    }
    LogComparison.assertEqual(source, target);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 17})
  void namesAnIntruderBetweenTwoOfItsTransactions(int number) {
    DatomicConnection target = system.newDatabase();
    DisturbedConnection shared =
        new DisturbedConnection(
            target, each -> each == number ? Disturbance.INTRUDER : Disturbance.NONE);
    assertThatThrownBy(() -> restoreAll(new Restoring(backup), shared, OPTIONS))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("its t");
    assertThatThrownBy(() -> new Restoring(backup).restoreSegment(target, OPTIONS))
        .as("and so does every restore after it")
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("t " + shared.intruderT() + " ");
  }

  /** What comes next is refused then, as if it came too early. */
  @Test
  void namesAnIntruderWhoTookAwayWhatTheNextIsLinkedTo() {
    DatomicConnection target = system.newDatabase();
    restoreAll(new Restoring(backup), target, ONE_BY_ONE.until(12));
    DatomicConnection shared =
        new ForwardingConnection(target) {
          @Override
          public TransactionReport transact(List<?> txData) {
            long standsAt = new TargetInspector(target, AT_ONCE).position().sourceT();
            if (standsAt == 13) {
              Object last = List.of(Bookkeeping.SOURCE_T, standsAt);
              target.transact(List.of(TxData.retract(last, Bookkeeping.SOURCE_T, standsAt)));
            }
            return super.transact(txData);
          }
        };
    assertThatThrownBy(() -> restoreAll(new Restoring(backup), shared, ONE_BY_ONE))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("another writer wrote its t");
  }

  /**
   * The marker moves at the end of a segment; whoever died before left it behind, at t 12, or at
   * the very t 13 that comes last.
   */
  @ParameterizedTest
  @EnumSource(
      value = Disturbance.class,
      names = {"DEATH_BEFORE", "DEATH_AFTER"})
  void movesTheMarkerThatADeadRestoreLeftBehind(Disturbance death) {
    DatomicConnection target = system.newDatabase();
    DatomicConnection mortal =
        new DisturbedConnection(target, number -> number == 15 ? death : Disturbance.NONE);
    assertThatThrownBy(() -> restoreAll(new Restoring(backup), mortal, ONE_BY_ONE))
        .isInstanceOf(Death.class);
    assertThat(restoreAll(new Restoring(backup), target, OPTIONS.until(13)).lastSourceT())
        .hasValue(13);
    LogComparison.assertEqualThrough(13, source, target);
    restoreAll(new Restoring(backup), target, OPTIONS);
    LogComparison.assertEqual(source, target);
  }

  @Test
  void twoRestoresAtOnceApplyEachTransactionOnce() throws Exception {
    DatomicConnection target = system.newDatabase();
    ExecutorService executor = Executors.newFixedThreadPool(2);
    CyclicBarrier start = new CyclicBarrier(2);
    Callable<Boolean> restore =
        () -> {
          start.await();
          try {
            restoreAll(new Restoring(backup), target, OPTIONS);
            return true;
          } catch (TargetInUseException lost) {
            return false;
          } catch (BackupException other) {
            throw new AssertionError("the loser is told that the target is in use", other);
          }
        };
    try {
      List<Future<Boolean>> ends = executor.invokeAll(List.of(restore, restore));
      boolean hasEnded = ends.get(0).get() || ends.get(1).get();
      if (OPTIONS.inFlight().countMax() == 1) {
        assertThat(hasEnded).as("one of them ends").isTrue();
      } else if (!hasEnded) { // each has met the other's
        restoreAll(new Restoring(backup), target, OPTIONS);
      }
    } finally {
      executor.shutdown();
    }
    LogComparison.assertEqual(source, target);
  }
}
