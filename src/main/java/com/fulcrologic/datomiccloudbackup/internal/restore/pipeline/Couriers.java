package com.fulcrologic.datomiccloudbackup.internal.restore.pipeline;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.internal.tools.DaemonThreads;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries transactions to the target and the answers back, several at once, each in a thread of its
 * own: the client's call blocks. The calls begin in the order in which they are sent; the network
 * may reorder them. There are as many threads as calls under way, none before the first call, and
 * none is ever interrupted. Used by one thread.
 */
final class Couriers implements AutoCloseable {

  private static final long LEAVING_NANOS = TimeUnit.MICROSECONDS.toNanos(10);
  private static final long LEAVING_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(2);
  private static final DaemonThreads THREADS = new DaemonThreads("courier");

  private final DatomicConnection target;
  private final LongSupplier nanoClock;
  private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
  private @Nullable ExecutorService threads;
  private @Nullable Departure last;
  private int inTheAirCount;

  Couriers(DatomicConnection target) {
    this(target, System::nanoTime);
  }

  Couriers(DatomicConnection target, LongSupplier nanoClock) {
    this.target = target;
    this.nanoClock = nanoClock;
  }

  private static final class Departure {
    final CountDownLatch hasBegun = new CountDownLatch(1);
    volatile @Nullable Thread courier; // null before, and once it is back
    volatile long beginNanos;
  }

  /** The outcome of a call: one of the two. */
  record Reply(Flight flight, @Nullable TransactionReport report, @Nullable Throwable failure) {}

  /** The number of calls without an answer, or with an answer that was not taken. */
  int inTheAirCount() {
    return inTheAirCount;
  }

  void send(Flight flight) {
    ExecutorService executor = threads;
    if (executor == null) {
      executor = Executors.newCachedThreadPool(THREADS);
      threads = executor;
    }
    Departure departure = new Departure();
    executor.execute(() -> replies.add(call(flight, departure))); // may fail: too many threads
    last = departure;
    inTheAirCount++;
  }

  /**
   * Returns when the latest call is on its way, as far as that can be seen: its thread waits for
   * the answer. A call that has begun may not have got so far when the next one overtakes it. This
   * costs a round trip, and happens to one in seven on a busy machine. A client that waits
   * otherwise does not show it, so this wait has an end.
   *
   * @return when it left, by {@link System#nanoTime}; empty when nothing was ever sent
   */
  OptionalLong awaitDeparture() {
    Departure departure = last;
    if (departure == null) {
      return OptionalLong.empty();
    }
    uninterruptibly(
        () -> {
          departure.hasBegun.await();
          return departure;
        });
    for (Thread courier = departure.courier;
        courier != null
            && courier.getState() == Thread.State.RUNNABLE
            && nanoClock.getAsLong() - departure.beginNanos < LEAVING_NANOS_MAX;
        courier = departure.courier) {
      LockSupport.parkNanos(LEAVING_NANOS);
    }
    return OptionalLong.of(departure.beginNanos);
  }

  Reply take() {
    Reply reply = uninterruptibly(replies::take);
    inTheAirCount--;
    return reply;
  }

  @Nullable Reply poll() {
    Reply reply = replies.poll();
    if (reply != null) {
      inTheAirCount--;
    }
    return reply;
  }

  /** Waits for what is in the air, and ends the threads. */
  @Override
  public void close() {
    while (inTheAirCount > 0) {
      take();
    }
    if (threads != null) {
      threads.shutdown();
    }
  }

  private Reply call(Flight flight, Departure departure) {
    departure.courier = Thread.currentThread();
    departure.beginNanos = nanoClock.getAsLong();
    departure.hasBegun.countDown();
    try {
      return new Reply(flight, target.transact(flight.txData), null);
    } catch (RuntimeException | Error failed) { // for the thread that restores to deal with
      return new Reply(flight, null, failed);
    } finally {
      departure.courier = null;
    }
  }

  private interface Wait<T> {
    T end() throws InterruptedException;
  }

  private static <T> T uninterruptibly(Wait<T> wait) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return wait.end();
        } catch (InterruptedException mustNotPassOn) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
