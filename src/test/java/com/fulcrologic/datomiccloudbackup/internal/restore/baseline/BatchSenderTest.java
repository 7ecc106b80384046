package com.fulcrologic.datomiccloudbackup.internal.restore.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import clojure.lang.PersistentArrayMap;
import clojure.lang.PersistentVector;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.restore.baseline.BatchSender.Count;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdMap;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Batches land in any order, and near each other, so that a later sender finds those missing. */
class BatchSenderTest {
  private static final int BEYOND = BatchSender.SPREAD + 1;

  /** A later sender looks at the last numbers only: one that is far behind would be lost. */
  @Test
  void keepsWithinTheSpreadOfABatchThatIsHeldUp() throws InterruptedException {
    Holding target = new Holding(numbered());
    Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
    Thread sending = new Thread(() -> sendAll(target));
    sending.setUncaughtExceptionHandler((thread, failure) -> thrown.add(failure));
    sending.start();
    while (!target.mayGo(sending)) {
      Thread.onSpinWait();
    }
    target.release();
    sending.join();

    assertThat(thrown).isEmpty();
    assertThat(target.landed).hasSize(BEYOND).contains((long) BEYOND);
    assertThat(target.landedTooEarly).isEmpty();
  }

  private static void sendAll(DatomicConnection target) {
    try (BatchSender sender =
        new BatchSender(target, RetryPolicy.DEFAULT, new IdMap(true, IdMap.SIZE_MAX), 2)) {
      for (long number = 1; number <= BEYOND; number++) {
        sender.send(number, List.of(), new long[0], Count.NONE, 0);
      }
      sender.awaitAll();
    }
  }

  private static DatomicConnection numbered() {
    DatomicConnection target = LocalSystem.inMemory().newDatabase();
    target.transact(
        List.of(
            PersistentArrayMap.createWithCheck(
                new Object[] {
                  BuiltIns.IDENT,
                  Bookkeeping.PREPARATION,
                  BuiltIns.VALUE_TYPE,
                  BuiltIns.TYPE_TUPLE,
                  BuiltIns.TUPLE_TYPES,
                  PersistentVector.create(BuiltIns.TYPE_LONG, BuiltIns.TYPE_LONG),
                  BuiltIns.CARDINALITY,
                  BuiltIns.CARDINALITY_ONE,
                  BuiltIns.UNIQUE,
                  BuiltIns.UNIQUE_VALUE
                })));
    return target;
  }

  /** Lets the first batch wait. */
  private static final class Holding extends ForwardingConnection {
    private final Queue<Long> landed = new ConcurrentLinkedQueue<>();
    private final Queue<Long> landedTooEarly = new ConcurrentLinkedQueue<>();
    private final CountDownLatch released = new CountDownLatch(1);

    Holding(DatomicConnection real) {
      super(real);
    }

    @Override
    public TransactionReport transact(List<?> txData) {
      long number = (Long) ((List<?>) ((List<?>) txData.get(0)).get(3)).get(1);
      if (number == 1) {
        awaitRelease();
      } else if (number == BEYOND && !landed.contains(1L)) {
        landedTooEarly.add(number);
      }
      TransactionReport report = super.transact(txData);
      landed.add(number);
      return report;
    }

    /** Whether the sender waits for the first batch, with all the others it may send landed. */
    boolean mayGo(Thread sender) {
      return !landedTooEarly.isEmpty()
          || !sender.isAlive()
          || (landed.contains(BEYOND - 1L) && sender.getState() == Thread.State.WAITING);
    }

    void release() {
      released.countDown();
    }

    private void awaitRelease() {
      try {
        released.await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
