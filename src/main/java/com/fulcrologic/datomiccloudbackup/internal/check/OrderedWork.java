package com.fulcrologic.datomiccloudbackup.internal.check;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.internal.tools.DaemonThreads;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs work in several threads, and returns the results in the order of submission. At most two
 * results per thread wait. Used by one thread, which closes it; never interrupts a thread.
 */
final class OrderedWork<T> implements AutoCloseable {
  private static final DaemonThreads THREADS = new DaemonThreads("check");

  private final ExecutorService executor;
  private final Deque<Future<T>> begun = new ArrayDeque<>();
  private final int beganCountMax;

  OrderedWork(int threadCount) {
    this.beganCountMax = 2 * threadCount;
    this.executor = Executors.newFixedThreadPool(threadCount, THREADS);
  }

  boolean hasRoom() {
    return begun.size() < beganCountMax;
  }

  void begin(Callable<T> work) {
    begun.addLast(executor.submit(work));
  }

  /** Waits for the result of the oldest work; rethrows its {@link BackupException} unchanged. */
  T next() {
    try {
      return begun.removeFirst().get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof BackupException known) {
        throw known;
      }
      throw new IllegalStateException("a segment could not be checked", failed.getCause());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IncompleteBackupException(
          "Failed to finish the check: interrupted", "run it again", stop);
    }
  }

  /** Accepts no more work; running work ends by itself. */
  @Override
  public void close() {
    executor.shutdown();
  }
}
