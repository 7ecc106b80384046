package com.fulcrologic.datomiccloudbackup.internal.restore.ids;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A set of source ids of entities that a transaction makes. Mutable; not thread-safe. */
public final class NewIds {
  static final long[] NONE = {};
  private static final int COUNT_FIRST = 8;

  private @Nullable LongMap seen; // most of these sets stay empty
  private long[] ids = NONE;
  private int size;

  public static String tempid(long source) {
    return Long.toString(source);
  }

  public static NewIds of(long[] sources) {
    NewIds ids = new NewIds();
    for (long source : sources) {
      ids.add(source);
    }
    return ids;
  }

  public void add(long source) {
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

  public boolean contains(long source) {
    return seen != null && seen.get(source) != LongMap.ABSENT;
  }

  public int size() {
    return size;
  }

  /** In ascending order. */
  public long[] sorted() {
    long[] sorted = Arrays.copyOf(ids, size);
    Arrays.sort(sorted);
    return sorted;
  }
}
