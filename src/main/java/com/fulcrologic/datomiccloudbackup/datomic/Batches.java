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
 * Elements that a remote system hands out, several at a time: each batch is a call of its own, so
 * its limit is about that of one reply, and costs little for each element. One thread.
 */
final class Batches<T> implements Iterator<T> {
  private static final int COUNT_MAX = 1_000;
  private static final long NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(20);

  private final Supplier<List<T>> batches;
  private Iterator<T> batch = Collections.emptyIterator();
  private boolean isAtEnd;

  /**
   * @param batches answers an empty one at the end
   */
  Batches(Supplier<List<T>> batches) {
    this.batches = batches;
  }

  /** The elements that come at once, or one that is waited for; none at the end. */
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
