package com.fulcrologic.datomiccloudbackup.internal.tools;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Works on items in several threads, and returns the results in the order of the items. At most two
 * results per thread wait. Used by one thread, which closes it; never interrupts a thread.
 */
public final class OrderedWork<A, T> implements AutoCloseable {
  private final ExecutorService executor;
  private final Deque<Future<T>> begun = new ArrayDeque<>();
  private final int begunCountMax;
  private final Iterator<A> items;
  private final Function<A, T> work;

  /** The items are read by the thread that takes the results. */
  public OrderedWork(
      int threadCount, DaemonThreads threads, Iterator<A> items, Function<A, T> work) {
    this.begunCountMax = 2 * threadCount;
    this.executor = Executors.newFixedThreadPool(threadCount, threads);
    this.items = items;
    this.work = work;
  }

  public boolean hasNext() {
    return !begun.isEmpty() || items.hasNext();
  }

  /** Waits for the result of the oldest item; rethrows its exception unchanged. */
  public T next() throws InterruptedException {
    while (begun.size() < begunCountMax && items.hasNext()) {
      A item = items.next();
      begun.addLast(executor.submit(() -> work.apply(item)));
    }
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
