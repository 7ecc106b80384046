package com.fulcrologic.datomiccloudbackup.internal.restore.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.Step;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.TargetPosition;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** When a call has left, as its thread shows. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class CouriersTest {
  private static final DatomicConnection TARGET = LocalSystem.inMemory().newDatabase();
  private static final Flight FLIGHT =
      new Flight(new Step.Restoration(5, List.of(), false), TargetPosition.begun(4));

  @Test
  void nothingHasLeftBeforeTheFirst() {
    try (Couriers couriers = new Couriers(TARGET)) {
      assertThat(couriers.awaitDeparture()).isEmpty();
    }
  }

  /** By a clock that stands still, nothing but the call's own waiting ends the wait for it. */
  @Test
  void awaitsThatTheCallWaits() {
    Slow target = new Slow(TimeUnit.MICROSECONDS.toNanos(300));
    try (Couriers couriers = new Couriers(target, () -> 0)) {
      for (int i = 1; i <= 50; i++) {
        couriers.send(FLIGHT);
        couriers.awaitDeparture();
        assertThat(target.goneCount).hasValue(i);
      }
      target.answer.countDown();
    }
  }

  /** By a clock that goes on with each look at it. */
  @Test
  void awaitsNoCallThatNeverWaits() {
    AtomicLong nanos = new AtomicLong();
    Slow target = new Slow(Long.MAX_VALUE);
    try (Couriers couriers = new Couriers(target, () -> nanos.addAndGet(100_000))) {
      couriers.send(FLIGHT);
      couriers.awaitDeparture(); // else the test never ends
      assertThat(target.goneCount).hasValue(0);
      target.answer.countDown();
    }
  }

  /** Works for so long, or until it may answer, and waits then until it may answer. */
  private static final class Slow extends ForwardingConnection {
    final CountDownLatch answer = new CountDownLatch(1);
    final AtomicInteger goneCount = new AtomicInteger();
    private final long workNanos;

    Slow(long workNanos) {
      super(TARGET);
      this.workNanos = workNanos;
    }

    @Override
    public TransactionReport transact(List<?> txData) {
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < workNanos && answer.getCount() > 0) {
        Thread.onSpinWait();
      }
      if (answer.getCount() > 0) {
        goneCount.incrementAndGet();
      }
      try {
        answer.await();
      } catch (InterruptedException mustNotBe) {
        throw new IllegalStateException(mustNotBe);
      }
      throw new IllegalStateException("nothing was transacted");
    }
  }
}
