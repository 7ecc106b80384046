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
 * Makes the calls of a client library, with a limit for each. A network client may wait for ever:
 * when a reply breaks off, the client's go block dies and leaves the channel open. So a call of a
 * network client runs in its own thread, and the caller waits for it up to a limit. Then the thread
 * is abandoned, and interrupted, which ends a wait on a channel. A database in this process is
 * called directly: it waits for no reply, and an interrupt can close Datomic Local's log.
 * Thread-safe.
 */
final class Calls {
  static final Duration LIMIT_DEFAULT = Duration.ofMinutes(2);

  /** The most threads of this process that may be stuck in calls; beyond it, calls are refused. */
  static final int ABANDONED_COUNT_MAX = 16;

  /** The package prefix of the network client's connections and clients. */
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

  /** The calls for a client, or a connection, of any library. */
  static Calls of(Object clientOrConnection, Duration limit) {
    boolean isRemote = clientOrConnection.getClass().getName().startsWith(REMOTE_CLASSES);
    return new Calls(isRemote ? limit : null);
  }

  /** The limit itself; refuses one that is not positive. */
  static Duration requirePositive(Duration limit) {
    if (limit.isZero() || limit.isNegative()) {
      throw new IllegalArgumentException("a limit must be positive");
    }
    return limit;
  }

  boolean isRemote() {
    return limit != null;
  }

  /** The number of threads stuck in an abandoned call. */
  static int abandonedCount() {
    return ABANDONED_COUNT.get();
  }

  /** Makes a call, and does nothing more when it does not return. */
  <T> T call(String doing, Supplier<@Nullable T> call) {
    return call(doing, call, () -> {});
  }

  /**
   * Makes a call.
   *
   * @param doing the operation, to follow "Failed to"
   * @param call returns null when the client lost the reply
   * @param whenStuck runs when the call does not return
   * @throws AnomalyException as Datomic classifies it. The category is unavailable, and the outcome
   *     unknown, when the call does not return in time or its reply is lost. The same holds when a
   *     remote system fails without an explanation
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

  /** A call in its thread; an abandoned thread counts until the call returns. */
  private static final class Task<T> extends FutureTask<@Nullable T> {
    private final AtomicBoolean isCounted = new AtomicBoolean(); // set once, by caller or thread

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
        ABANDONED_COUNT.decrementAndGet(); // the call has returned just now
      }
      cancel(true);
    }
  }
}
