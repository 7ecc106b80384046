package com.fulcrologic.datomiccloudbackup.internal.tools;

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
public final class OrderedWork<T> implements AutoCloseable {
  private final ExecutorService executor;
  private final Deque<Future<T>> begun = new ArrayDeque<>();
  private final int beganCountMax;

  public OrderedWork(int threadCount, DaemonThreads threads) {
    this.beganCountMax = 2 * threadCount;
    this.executor = Executors.newFixedThreadPool(threadCount, threads);
  }

  public boolean hasRoom() {
    return begun.size() < beganCountMax;
  }

  public void begin(Callable<T> work) {
    begun.addLast(executor.submit(work));
  }

  /**
   * Waits for the result of the oldest work; rethrows its exception unchanged.
   *
   * @throws InterruptedException when this thread is interrupted; the work ends by itself
   */
  public T next() throws InterruptedException {
    try {
      return begun.removeFirst().get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException("a piece of work failed", failed.getCause());
    }
  }

  /** Accepts no more work; running work ends by itself. */
  @Override
  public void close() {
    executor.shutdown();
  }
}
