package com.fulcrologic.datomiccloudbackup.internal.verify;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.util.Arrays;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Maps source entities to target entities and back, from the target's original-ids. Exact, and
 * bounded: a map that would take nearly all of the memory ends the comparison. Mutable; one thread.
 */
final class IdPairs {
  /** The value returned for an absent id; never an id. */
  static final long NONE = Long.MIN_VALUE;

  private static final long MEGABYTE = 1_000_000;

  /** Memory reserved for everything else: a segment, a transaction, and the client. */
  private static final long SPARED_SIZE = 96 * MEGABYTE;

  private static final int RECENT_COUNT = 1 << 12;

  private final IdRuns targets = new IdRuns();
  private final IdRuns sources = new IdRuns();
  private final long sizeMax;
  private final long[] recentSources = new long[RECENT_COUNT];
  private final long[] recentTargets = new long[RECENT_COUNT];
  private long count;

  IdPairs() {
    this(
        Math.max(
            Runtime.getRuntime().maxMemory() / 2, Runtime.getRuntime().maxMemory() - SPARED_SIZE));
  }

  IdPairs(long sizeMax) {
    this.sizeMax = sizeMax;
    Arrays.fill(recentTargets, NONE);
  }

  /** Adds a pair. Returns false and adds nothing when either id already has a counterpart. */
  boolean add(long source, long target) {
    if (source == NONE
        || target == NONE
        || targets.get(source) != NONE
        || sources.get(target) != NONE) {
      return false;
    }
    targets.add(source, target);
    sources.add(target, source);
    count++;
    if (size() > sizeMax) {
      throw new InvalidConfigurationException(
          ("Failed to compare the logs: the ids of the first %s entities take %s MB of memory, "
                  + "and the limit is %s MB")
              .formatted(count, size() / MEGABYTE, sizeMax / MEGABYTE),
          "run it with a larger heap, as in java -Xmx4g");
    }
    return true;
  }

  long target(long source) {
    int place = (int) (source ^ source >>> Transaction.INDEX_BITS) & (RECENT_COUNT - 1);
    if (recentSources[place] != source || recentTargets[place] == NONE) {
      recentSources[place] = source;
      recentTargets[place] = targets.get(source);
    }
    return recentTargets[place];
  }

  long source(long target) {
    return sources.get(target);
  }

  long count() {
    return count;
  }

  /** The approximate size in memory, in bytes. */
  long size() {
    return targets.size() + sources.size();
  }

  /**
   * A map from id to id that is exact for any ids, and small for the ids that Datomic assigns. The
   * map grows with the number of runs, not with the number of ids. Mutable; one thread.
   *
   * <p>For its measured size see {@code docs/decisions/0004-verification-memory.adoc}.
   */
  private static final class IdRuns {
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
      return Objects.requireNonNull(leaves.floorEntry(key)).getValue(); // the first is below all
    }
  }
}
