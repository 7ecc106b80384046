package com.fulcrologic.datomiccloudbackup.internal.tools;

import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
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
}
