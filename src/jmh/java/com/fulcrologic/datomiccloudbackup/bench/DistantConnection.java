package com.fulcrologic.datomiccloudbackup.bench;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A real connection, far away. Each call travels for half of the round trip, and as much as half of
 * the jitter more; so does its answer. The database takes what has arrived one after another, in
 * the order of arrival: without jitter, that is the order in which the calls set out. Thread-safe.
 */
final class DistantConnection extends Forwarding implements AutoCloseable {
  private final long wayNanos;
  private final long wayJitterNanos;
  private final SplittableRandom random;
  private final PriorityBlockingQueue<Call> arriving = new PriorityBlockingQueue<>();
  private final Thread database = new Thread(this::serve, "database");
  private final AtomicInteger callCount = new AtomicInteger();
  private final AtomicLong callNanos = new AtomicLong();
  private int callNumber; // guarded by this, as is random
  private volatile boolean closed;

  DistantConnection(DatomicConnection real, long roundTripMicros, long jitterMicros, long seed) {
    super(real);
    this.wayNanos = TimeUnit.MICROSECONDS.toNanos(roundTripMicros) / 2;
    this.wayJitterNanos = TimeUnit.MICROSECONDS.toNanos(jitterMicros) / 2;
    this.random = new SplittableRandom(seed);
    database.setDaemon(true);
    database.start();
  }

  private record Call(
      long arrivalNanos, int number, List<?> txData, CompletableFuture<TransactionReport> answer)
      implements Comparable<Call> {
    @Override
    public int compareTo(Call other) {
      int byArrival = Long.compare(arrivalNanos - other.arrivalNanos, 0);
      return byArrival != 0 ? byArrival : Integer.compare(number, other.number);
    }
  }

  @Override
  public TransactionReport transact(List<?> txData) {
    long start = System.nanoTime();
    CompletableFuture<TransactionReport> answer = new CompletableFuture<>();
    long wayBackNanos;
    synchronized (this) {
      arriving.add(new Call(System.nanoTime() + way(), ++callNumber, txData, answer));
      wayBackNanos = way();
    }
    LockSupport.unpark(database);
    try {
      return answer.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException exception) {
        throw exception;
      }
      throw failed;
    } finally {
      parkUntil(System.nanoTime() + wayBackNanos);
      callNanos.addAndGet(System.nanoTime() - start);
      callCount.incrementAndGet();
    }
  }

  int callCount() {
    return callCount.get();
  }

  /** What all calls took, as if one after another. */
  long callNanos() {
    return callNanos.get();
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(database);
  }

  private long way() {
    return wayNanos + random.nextLong(wayJitterNanos + 1);
  }

  private void serve() {
    while (!closed) {
      Call first = arriving.peek();
      long wait =
          first == null ? TimeUnit.SECONDS.toNanos(1) : first.arrivalNanos() - System.nanoTime();
      if (wait > 0) {
        LockSupport.parkNanos(wait);
        continue;
      }
      Call call = arriving.poll();
      try {
        call.answer().complete(super.transact(call.txData()));
      } catch (RuntimeException refused) {
        call.answer().completeExceptionally(refused);
      }
    }
  }

  private static void parkUntil(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
