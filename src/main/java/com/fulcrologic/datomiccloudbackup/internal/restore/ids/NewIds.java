package com.fulcrologic.datomiccloudbackup.internal.restore.ids;

import org.jspecify.annotations.Nullable;

/** A set of source ids of entities that a transaction makes. Mutable; not thread-safe. */
public final class NewIds {
  static final long[] NONE = {};

  private @Nullable LongMap ids; // most of these sets stay empty

  public static String tempid(long source) {
    return Long.toString(source);
  }

  public void add(long source) {
    LongMap known = ids;
    if (known == null) {
      known = new LongMap();
      ids = known;
    }
    known.put(source, 0);
  }

  public boolean contains(long source) {
    return ids != null && ids.get(source) != LongMap.ABSENT;
  }

  public int size() {
    return ids == null ? 0 : ids.size();
  }

  /** In ascending order. */
  public long[] sorted() {
    return ids == null ? NONE : ids.sortedKeys();
  }
}
