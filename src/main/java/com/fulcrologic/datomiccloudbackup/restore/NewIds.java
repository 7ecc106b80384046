package com.fulcrologic.datomiccloudbackup.restore;

import java.util.Arrays;

/** A set of source ids of entities that a transaction makes. Mutable; not thread-safe. */
final class NewIds {
  private final LongMap seen = new LongMap();
  private long[] ids = new long[8];
  private int size;

  static String tempid(long source) {
    return Long.toString(source);
  }

  void add(long source) {
    if (seen.get(source) == LongMap.ABSENT) {
      seen.put(source, 0);
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, size * 2);
      }
      ids[size++] = source;
    }
  }

  boolean contains(long source) {
    return seen.get(source) != LongMap.ABSENT;
  }

  int size() {
    return size;
  }

  /** In ascending order. */
  long[] sorted() {
    long[] sorted = Arrays.copyOf(ids, size);
    Arrays.sort(sorted);
    return sorted;
  }
}
