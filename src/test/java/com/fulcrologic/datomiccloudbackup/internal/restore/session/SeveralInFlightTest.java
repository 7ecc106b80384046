package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.backup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.TransactionsInFlight;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What several transactions in flight add to a restore; the rest has to hold all the same. */
class SeveralInFlightTest {
  private static final int TRANSACTION_COUNT = 120;
  private static final RestoreOptions EIGHT = OPTIONS.withInFlight(TransactionsInFlight.exactly(8));

  private static LocalSystem system;
  private static DatomicConnection source;
  private static StoredBackup backup;

  /** Of the second half, every tenth speaks of what the one before it made. */
  @BeforeAll
  static void makeBackup() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    source.transact(
        forms(
            "[{:db/ident :f/id :db/valueType :db.type/long :db/cardinality :db.cardinality/one"
                + " :db/unique :db.unique/identity}"
                + " {:db/ident :f/ref :db/valueType :db.type/ref"
                + " :db/cardinality :db.cardinality/one}]"));
    for (int i = 0; i < TRANSACTION_COUNT; i++) {
      source.transact(
          forms(
              i > TRANSACTION_COUNT / 2 && i % 10 == 9
                  ? "[{:f/id " + i + " :f/ref [:f/id " + (i - 1) + "]}]"
                  : "[{:f/id " + i + "}]"));
    }
    backup = backup(source, TRANSACTION_COUNT * 2);
  }

  /** Far away, and counts. */
  private static class Distant extends ForwardingConnection {
    private final AtomicInteger present = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    Distant(DatomicConnection real) {
      super(real);
    }

    @Override
    public TransactionReport transact(List<?> txData) {
      most.accumulateAndGet(present.incrementAndGet(), Math::max);
      try {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        return super.transact(txData);
      } finally {
        present.decrementAndGet();
      }
    }
  }

  /** None goes on until as many are there. */
  @Test
  void asManyAsWereAskedForAndNoMore() {
    AtomicInteger number = new AtomicInteger();
    CountDownLatch eight = new CountDownLatch(8);
    Distant target =
        new Distant(system.newDatabase()) {
          @Override
          public TransactionReport transact(List<?> txData) {
            if (number.incrementAndGet() > 20) {
              eight.countDown();
              awaitLatch(eight, 20);
            }
            return super.transact(txData);
          }
        };
    assertThat(new Restoring(backup).restoreSegment(target, EIGHT))
        .isInstanceOf(RestoredSegment.class);
    assertThat(eight.getCount()).isZero();
    assertThat(target.most.get()).isBetween(2, 8);
    LogComparison.assertEqual(source, target);
  }

  @Test
  void oneAtATimeNeedsNoOtherThread() {
    Thread caller = Thread.currentThread();
    DatomicConnection target =
        new ForwardingConnection(system.newDatabase()) {
          @Override
          public TransactionReport transact(List<?> txData) {
            assertThat(Thread.currentThread()).isSameAs(caller);
            return super.transact(txData);
          }
        };
    new Restoring(backup).restoreSegment(target, OPTIONS.withInFlight(TransactionsInFlight.ONE));
    LogComparison.assertEqual(source, target);
  }

  /** Goes up by itself where the target is far away. */
  @Test
  void findsOutHowManyAreWorthIt() {
    Distant target = new Distant(system.newDatabase());
    new Restoring(backup)
        .restoreSegment(target, OPTIONS.withInFlight(TransactionsInFlight.ADAPTIVE));
    assertThat(target.most.get()).isGreaterThan(1);
    LogComparison.assertEqual(source, target);
  }

  /** The 21st call is on its way until one behind it was refused. */
  @Test
  void whatOvertakesIsRefusedAndSentAgain() {
    AtomicInteger number = new AtomicInteger();
    CountDownLatch overtaken = new CountDownLatch(1);
    Distant target =
        new Distant(system.newDatabase()) {
          @Override
          public TransactionReport transact(List<?> txData) {
            if (number.incrementAndGet() == 21) {
              awaitLatch(overtaken, 20);
            }
            try {
              return super.transact(txData);
            } catch (AnomalyException tooEarly) {
              overtaken.countDown();
              throw tooEarly;
            }
          }
        };
    new Restoring(backup).restoreSegment(target, EIGHT);
    assertThat(overtaken.getCount()).isZero();
    LogComparison.assertEqual(source, target);
  }

  /**
   * One is overtaken by the seven behind it. The first of these goes again when the other six are
   * refused already, without an answer yet: whatever is sent behind them now would be, too.
   */
  @Test
  void nothingNewIsSentBehindWhatHasToGoAgain() {
    Overtaken target = new Overtaken(system.newDatabase());
    for (int i = 0; i < 5 && target.refusedBehind.getCount() > 0; i++) { // a thread was late
      target = new Overtaken(system.newDatabase());
      new Restoring(backup).restoreSegment(target, EIGHT);
    }
    assertThat(target.refusedBehind.getCount()).as("all seven were overtaken").isZero();
    assertThat(target.newMeanwhile).hasValue(0);
    LogComparison.assertEqual(source, target);
  }

  /** Serves calls in their order, but for the 21st, which the seven after it overtake. */
  private static final class Overtaken extends ForwardingConnection {
    private static final int LATE = 21;

    final CountDownLatch refusedBehind = new CountDownLatch(7);
    final AtomicInteger newMeanwhile = new AtomicInteger();
    private final CountDownLatch answered = new CountDownLatch(6);
    private final CountDownLatch isThere = new CountDownLatch(1);
    private final AtomicInteger number = new AtomicInteger();
    private final Set<List<?>> known = ConcurrentHashMap.newKeySet();
    private int servedThrough; // guarded by this
    private volatile boolean goesAgain;

    Overtaken(DatomicConnection real) {
      super(real);
    }

    @Override
    public TransactionReport transact(List<?> txData) {
      int mine = number.incrementAndGet();
      boolean isNew = known.add(txData);
      goesAgain |= mine > LATE + 7 && !isNew;
      if (goesAgain && isNew && answered.getCount() > 0) {
        newMeanwhile.incrementAndGet();
      }
      if (mine == LATE) {
        served();
        awaitLatch(refusedBehind, 2);
        try {
          return super.transact(txData);
        } finally {
          isThere.countDown();
        }
      }
      try {
        return inTurn(mine, txData);
      } catch (AnomalyException refused) {
        if (mine > LATE && mine <= LATE + 7) {
          refusedBehind.countDown();
          awaitLatch(isThere, 20);
          if (mine > LATE + 1) {
            awaitLatch(new CountDownLatch(1), 1);
            answered.countDown();
          }
        }
        throw refused;
      }
    }

    private synchronized TransactionReport inTurn(int mine, List<?> txData) {
      try {
        while (servedThrough < mine - 1) {
          wait();
        }
        return super.transact(txData);
      } catch (InterruptedException nobodyDoes) {
        throw new AssertionError(nobodyDoes);
      } finally {
        served();
      }
    }

    private synchronized void served() {
      servedThrough++;
      notifyAll();
    }
  }

  /** Those behind it come too early, each time that they are sent, for as long as it takes. */
  @Test
  void whatWaitsForOneThatIsLostIsSentAFewTimesOnly() {
    AtomicInteger number = new AtomicInteger();
    AtomicInteger meanwhile = new AtomicInteger();
    DatomicConnection database = system.newDatabase();
    DatomicConnection target =
        new ForwardingConnection(database) {
          @Override
          public TransactionReport transact(List<?> txData) {
            if (number.incrementAndGet() == 20) {
              awaitLatch(new CountDownLatch(1), 3);
              meanwhile.set(number.get() - 20);
              throw new AnomalyException("transact", Anomaly.UNAVAILABLE, null, null);
            }
            return super.transact(txData);
          }
        };
    new Restoring(backup).restoreSegment(target, EIGHT);
    assertThat(meanwhile.get()).as("calls of the seven behind it").isBetween(1, 7 * 4);
    LogComparison.assertEqual(source, database);
  }

  /**
   * What Datomic refuses for good ends it, with what precedes in the target, and no thread left.
   */
  @Test
  void aRefusalInTheMiddleEndsIt() {
    AtomicInteger number = new AtomicInteger();
    DatomicConnection database = system.newDatabase();
    Distant target =
        new Distant(database) {
          @Override
          public TransactionReport transact(List<?> txData) {
            if (number.incrementAndGet() >= 40) {
              throw new AnomalyException("transact", Anomaly.FORBIDDEN, null, null);
            }
            return super.transact(txData);
          }
        };
    assertThatThrownBy(() -> new Restoring(backup).restoreSegment(target, EIGHT))
        .isInstanceOf(AnomalyException.class)
        .hasMessageContaining("restore t ")
        .hasMessageContaining("forbidden");
    assertThat(target.present.get()).as("calls under way").isZero();
    assertThat(new Restoring(backup).restoredThrough(database).orElseThrow().t())
        .as("what precedes is there, and nothing else")
        .isBetween(1L, 45L);
    RestoreFixture.restoreAll(new Restoring(backup), database, OPTIONS);
    LogComparison.assertEqual(source, database);
  }

  /** An error of the machine, in a thread of ours, is the caller's to see. */
  @Test
  void anErrorInAnotherThreadIsThrownInTheCallers() {
    AtomicInteger number = new AtomicInteger();
    DatomicConnection database = system.newDatabase();
    DatomicConnection target =
        new Distant(database) {
          @Override
          public TransactionReport transact(List<?> txData) {
            if (number.incrementAndGet() == 40) {
              throw new StackOverflowError();
            }
            return super.transact(txData);
          }
        };
    assertThatThrownBy(() -> new Restoring(backup).restoreSegment(target, EIGHT))
        .isInstanceOf(StackOverflowError.class);
    RestoreFixture.restoreAll(new Restoring(backup), database, OPTIONS);
    LogComparison.assertEqual(source, database);
  }

  private static void awaitLatch(CountDownLatch latch, int seconds) {
    try {
      latch.await(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException nobodyDoes) {
      throw new AssertionError(nobodyDoes);
    }
  }

  private static List<?> forms(String edn) {
    return (List<?>) Edn.read(edn);
  }
}
