package com.fulcrologic.datomiccloudbackup.internal.verify;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A map from id to id that is exact for any ids, and small for the ids that Datomic assigns. The
 * map grows with the number of runs, not with the number of ids. Mutable; one thread.
 *
 * <p>For its measured size see {@code docs/decisions/0004-verification-memory.adoc}.
 */
final class IdRuns {
  /** The value returned for an absent key; never a valid key. */
  static final long NONE = Long.MIN_VALUE;

  private final TreeMap<Long, RunLeaf> leaves = new TreeMap<>();
  private long size = RunLeaf.OVERHEAD;

  IdRuns() {
    leaves.put(NONE, new RunLeaf()); // below every key
  }

  long get(long key) {
    return leafOf(key).get(key);
  }

  /** The key must be absent. */
  void add(long key, long value) {
    RunLeaf leaf = leafOf(key);
    long before = leaf.size();
    RunLeaf split = leaf.add(key, value);
    if (split != null) {
      leaves.put(split.firstKey(), split);
      size += split.size();
    }
    size += leaf.size() - before;
  }

  /** The approximate size in memory, in bytes. */
  long size() {
    return size;
  }

  private RunLeaf leafOf(long key) {
    Map.@Nullable Entry<Long, RunLeaf> entry = leaves.floorEntry(key);
    if (entry == null) {
      throw new IllegalStateException("no leaf is below this key"); // the first one always is
    }
    return entry.getValue();
  }
}
