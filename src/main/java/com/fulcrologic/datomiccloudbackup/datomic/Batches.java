package com.fulcrologic.datomiccloudbackup.datomic;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Iterates over elements of a remote system in batches. Each batch is one call, so the call limit
 * applies to about one reply, and costs little for each element. For one thread.
 */
final class Batches<T> implements Iterator<T> {
  private static final int COUNT_MAX = 1_000;
  private static final long NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(20);

  private final Supplier<List<T>> batches;
  private Iterator<T> batch = Collections.emptyIterator();
  private boolean isAtEnd;

  /**
   * @param batches returns an empty list at the end
   */
  Batches(Supplier<List<T>> batches) {
    this.batches = batches;
  }

  /** The elements available at once, or one element after a wait; none at the end. */
  static <T> List<T> next(Iterator<?> elements, Function<Object, T> convert) {
    List<T> batch = new ArrayList<>();
    long end = System.nanoTime() + NANOS_MAX;
    while (batch.size() < COUNT_MAX
        && (batch.isEmpty() || System.nanoTime() - end < 0)
        && elements.hasNext()) {
      batch.add(convert.apply(elements.next()));
    }
    return batch;
  }

  @Override
  public boolean hasNext() {
    if (!batch.hasNext() && !isAtEnd) {
      List<T> next = batches.get();
      isAtEnd = next.isEmpty();
      batch = next.iterator();
    }
    return batch.hasNext();
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return batch.next();
  }
}
