package com.fulcrologic.datomiccloudbackup.datomic;

import com.fulcrologic.datomiccloudbackup.internal.tools.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the calls of a client library, so that each comes back. A network client may wait for ever:
 * where a reply breaks off, its go block dies and leaves the channel open. So a call of one is made
 * in a thread of its own and waited for up to a limit; then the thread is abandoned, and
 * interrupted, which ends a wait on a channel. A database in this process is called directly: it
 * waits for no reply, and an interrupt can close Datomic Local's log. Thread-safe.
 */
final class Calls {
  static final Duration LIMIT_DEFAULT = Duration.ofMinutes(2);

  /** Threads, of all clients of the process, that may be stuck in a call; then none is made. */
  static final int ABANDONED_COUNT_MAX = 16;

  /** What the classes of the network client's connections and clients begin with. */
  private static final String REMOTE_CLASSES = "datomic.client.";

  private static final AtomicInteger ABANDONED_COUNT = new AtomicInteger();
  private static final ThreadPoolExecutor THREADS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          new DaemonThreads("call"));

  private final @Nullable Duration limit; // null for a database in this process

  Calls(@Nullable Duration limit) {
    this.limit = limit;
  }

  /** For a client, or a connection, of whatever library. */
  static Calls of(Object clientOrConnection, Duration limit) {
    boolean isRemote = clientOrConnection.getClass().getName().startsWith(REMOTE_CLASSES);
    return new Calls(isRemote ? limit : null);
  }

  /**
   * The limit itself.
   *
   * @throws IllegalArgumentException when it is not positive
   */
  static Duration requirePositive(Duration limit) {
    if (limit.isZero() || limit.isNegative()) {
      throw new IllegalArgumentException("a limit must be positive");
    }
    return limit;
  }

  boolean isRemote() {
    return limit != null;
  }

  /** How many threads are stuck in a call that nothing waits for any more. */
  static int abandonedCount() {
    return ABANDONED_COUNT.get();
  }

  /**
   * Makes a call.
   *
   * @param doing what is being done, to follow "Failed to"
   * @param call answers null where the client lost the reply
   * @param whenStuck is run when the call does not come back
   * @throws AnomalyException as Datomic classifies it; of category unavailable when the call does
   *     not come back in time, when its reply is lost, and when a remote system fails in a way that
   *     it does not explain: its outcome is unknown
   */
  <T> T call(String doing, Supplier<@Nullable T> call, Runnable whenStuck) {
    T result =
        limit == null ? Anomalies.guard(doing, call) : callWithin(limit, doing, call, whenStuck);
    if (result == null) {
      throw new AnomalyException(doing + ": the reply was lost", Anomaly.UNAVAILABLE, null, null);
    }
    return result;
  }

  private static <T> @Nullable T callWithin(
      Duration limit, String doing, Supplier<@Nullable T> call, Runnable whenStuck) {
    if (ABANDONED_COUNT.get() >= ABANDONED_COUNT_MAX) {
      throw AnomalyException.stuck(doing, ABANDONED_COUNT_MAX + " earlier calls never came back");
    }
    Task<T> task = new Task<>(() -> Anomalies.guardRemote(doing, call));
    THREADS.execute(task);
    try {
      return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException stuck) {
      task.abandon();
      whenStuck.run();
      throw AnomalyException.stuck(doing, "no reply came within " + limit);
    } catch (InterruptedException interrupted) {
      task.abandon();
      Thread.currentThread().interrupt();
      throw new AnomalyException(doing, Anomaly.FAULT, null, interrupted);
    } catch (ExecutionException failed) {
      throw rethrown(failed.getCause());
    }
  }

  private static RuntimeException rethrown(@Nullable Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException exception
        ? exception
        : new IllegalStateException("a call ended without a reason", cause);
  }

  /** A call in its thread, which counts as abandoned from then on until it comes back. */
  private static final class Task<T> extends FutureTask<@Nullable T> {
    private final AtomicBoolean isCounted = new AtomicBoolean(); // decided once, by either side

    Task(Supplier<@Nullable T> call) {
      super(call::get);
    }

    @Override
    public void run() {
      try {
        super.run();
      } finally {
        if (!isCounted.compareAndSet(false, true)) {
          ABANDONED_COUNT.decrementAndGet();
        }
      }
    }

    void abandon() {
      ABANDONED_COUNT.incrementAndGet();
      if (!isCounted.compareAndSet(false, true)) {
        ABANDONED_COUNT.decrementAndGet(); // it has come back just now
      }
      cancel(true);
    }
  }
}
