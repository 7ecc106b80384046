package com.fulcrologic.datomiccloudbackup.internal.restore;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A set of source ids of entities that a transaction makes. Mutable; not thread-safe. */
final class NewIds {
  private static final long[] NONE = {};
  private static final int COUNT_FIRST = 8;

  private @Nullable LongMap seen; // most of these sets stay empty
  private long[] ids = NONE;
  private int size;

  static String tempid(long source) {
    return Long.toString(source);
  }

  void add(long source) {
    LongMap known = seen;
    if (known == null) {
      known = new LongMap();
      seen = known;
    }
    if (known.get(source) == LongMap.ABSENT) {
      known.put(source, 0);
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, Math.max(COUNT_FIRST, size * 2));
      }
      ids[size++] = source;
    }
  }

  boolean contains(long source) {
    return seen != null && seen.get(source) != LongMap.ABSENT;
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
