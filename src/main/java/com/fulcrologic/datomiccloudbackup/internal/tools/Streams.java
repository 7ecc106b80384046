package com.fulcrologic.datomiccloudbackup.internal.tools;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Streams of what is read as it is consumed. */
public final class Streams {
  private Streams() {}

  /** The elements, none of which is null, in their order. */
  public static <T> Stream<T> of(Iterator<T> elements) {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(elements, Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }

  /** The elements of batches, each of which is read when it is needed; an empty one is the end. */
  public static <T> Stream<T> ofBatches(Supplier<List<T>> batches) {
    return of(new Batches<>(batches));
  }

  private static final class Batches<T> implements Iterator<T> {
    private final Supplier<List<T>> batches;
    private Iterator<T> batch = Collections.emptyIterator();
    private boolean isAtEnd;

    Batches(Supplier<List<T>> batches) {
      this.batches = batches;
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
}
