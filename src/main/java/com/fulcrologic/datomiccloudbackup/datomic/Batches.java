package com.fulcrologic.datomiccloudbackup.datomic;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Reads elements of a remote system in batches. Each batch is one call, so the call limit applies
 * to about one reply, and costs little for each element.
 */
final class Batches {
  private static final int COUNT_MAX = 1_000;
  private static final long NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(20);

  private Batches() {}

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
}
