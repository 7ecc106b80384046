package com.fulcrologic.datomiccloudbackup.jobs;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.internal.log.TransactionDates;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one step after another until a request to stop, which also ends a wait at once. */
abstract class Loop {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

  /**
   * The retries within a step, two seconds at most. The loop does the longer waits, since a request
   * to stop ends them.
   */
  static final RetryPolicy STEP_RETRY_POLICY =
      new RetryPolicy(3, Duration.ofMillis(50), Duration.ofMillis(500));

  final String name;
  final CloningListener listener;
  final JobOptions options;
  private final AtomicBoolean isBegun = new AtomicBoolean();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Thread runner;
  private long healthyNanos; // used by the running thread only

  /** Ends a step between two transactions; never leaves this class. */
  private static final class StopRequested extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  Loop(String name, CloningListener listener, JobOptions options) {
    this.name = name;
    this.listener = listener;
    this.options = options;
  }

  /** Does one piece of work; returns whether there may be more to do at once. */
  abstract boolean step();

  /** Reports the lag to the listener; returns whether the lag is known. */
  abstract boolean tellLag();

  /** Called once in a poll, after a step without a failure whose lag is known. */
  abstract void tellHealthy();

  /** Whether a failure may pass by itself; any other needs an operator. */
  boolean mayPass(BackupException failure) {
    return failure instanceof StoreException
        || failure instanceof IncompleteBackupException
        || (failure instanceof AnomalyException anomaly && anomaly.anomaly().isTransient());
  }

  /** Works as {@link Job#run} says. Not final, so that reflection finds it in a public class. */
  public void run() {
    if (!isBegun.compareAndSet(false, true)) {
      throw new IllegalStateException("a job runs once");
    }
    runner = Thread.currentThread();
    healthyNanos = System.nanoTime() - options.pollInterval().toNanos();
    try {
      int failureCount = 0;
      while (!isStopping()) {
        Duration pause;
        boolean isFailed = false;
        try {
          pause = step() ? Duration.ZERO : options.pollInterval();
          failureCount = 0;
        } catch (StopRequested stop) {
          return;
        } catch (BackupException failure) {
          failureCount++;
          isFailed = true;
          pause = pauseAfter(failure, failureCount);
        }
        if (isLagTold() && !isFailed && (!pause.isZero() || isPollDue())) {
          healthyNanos = System.nanoTime();
          tellHealthy();
        }
        pause(pause);
      }
    } finally {
      ended.countDown();
    }
  }

  /** Whether work without a wait has lasted as long as a wait would. */
  private boolean isPollDue() {
    return System.nanoTime() - healthyNanos >= options.pollInterval().toNanos();
  }

  boolean isStopping() {
    return stopping.getCount() == 0;
  }

  /** Called at each point where a step may end. */
  void requireGoingOn() {
    if (isStopping()) {
      throw new StopRequested();
    }
  }

  /** Ends as {@link Job#close} says; waits if the loop was begun, but not in its own thread. */
  public void close() {
    stopping.countDown();
    if (isBegun.get() && Thread.currentThread() != runner) {
      await(ended, options.closeWaitMax());
    }
  }

  /** A transaction of a source, with its date. */
  static SourcePoint point(DatomicConnection source, long t) {
    return new SourcePoint(t, TransactionDates.of(source, Transaction.entityId(t)));
  }

  static SourcePoint newest(DatomicConnection source) {
    return point(source, source.basisT());
  }

  private Duration pauseAfter(BackupException failure, int failureCount) {
    if (!mayPass(failure) || failureCount >= options.backoff().attemptCountMax()) {
      throw failure;
    }
    long bound = options.backoff().delayBoundAfter(failureCount).toMillis();
    Duration pause = Duration.ofMillis(ThreadLocalRandom.current().nextLong(bound + 1));
    LOG.info("retrying backup={} failures={} reason={}", name, failureCount, failure.getMessage());
    listener.retrying(name, failure, failureCount, pause);
    return pause;
  }

  private boolean isLagTold() {
    try {
      return tellLag();
    } catch (BackupException unknown) { // an unknown lag is no failure of the step
      LOG.info("lag unknown backup={} reason={}", name, unknown.getMessage());
      return false;
    }
  }

  private void pause(Duration pause) {
    if (!pause.isZero() && await(stopping, pause)) {
      stopping.countDown(); // an interrupt is a request to end this thread
    }
  }

  /** Whether the wait was interrupted; if so, the thread's flag is set again. */
  private static boolean await(CountDownLatch latch, Duration max) {
    try {
      boolean unused = latch.await(max.toMillis(), TimeUnit.MILLISECONDS);
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
