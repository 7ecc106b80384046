package com.fulcrologic.datomiccloudbackup.internal.verify;

import com.fulcrologic.datomiccloudbackup.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.Arrays;

/**
 * Which target entity a source entity has become, and back, as the target's original-ids tell.
 * Exact, and bounded: a map that would take nearly all of the memory ends the comparison. Mutable;
 * one thread.
 */
final class IdPairs {
  static final long NONE = IdRuns.NONE;

  private static final long MEGABYTE = 1_000_000;

  /** Memory for the rest: a segment, a transaction, and the client. */
  private static final long SPARED_SIZE = 96 * MEGABYTE;

  private static final int RECENT_COUNT = 1 << 12;

  private final IdRuns targets = new IdRuns();
  private final IdRuns sources = new IdRuns();
  private final long sizeMax;
  private final long[] recentSources = new long[RECENT_COUNT];
  private final long[] recentTargets = new long[RECENT_COUNT];
  private long count;

  IdPairs() {
    this(Math.max(maxMemory() / 2, maxMemory() - SPARED_SIZE));
  }

  /**
   * @param sizeMax bytes that it may take, about
   */
  IdPairs(long sizeMax) {
    this.sizeMax = sizeMax;
    Arrays.fill(recentTargets, NONE);
  }

  /**
   * Adds a pair; false, and nothing added, when one of the two has its counterpart already.
   *
   * @throws InvalidConfigurationException when there is no memory for it
   */
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
          "Failed to compare the logs: the ids of the first "
              + count
              + " entities take "
              + size() / MEGABYTE
              + " MB of memory, and "
              + sizeMax / MEGABYTE
              + " MB may be taken",
          "run it with a larger heap, as in java -Xmx4g");
    }
    return true;
  }

  /** {@link #NONE} when it has become nothing yet. */
  long target(long source) {
    int place = (int) (source ^ source >>> Transaction.INDEX_BITS) & (RECENT_COUNT - 1);
    if (recentSources[place] != source || recentTargets[place] == NONE) {
      recentSources[place] = source;
      recentTargets[place] = targets.get(source);
    }
    return recentTargets[place];
  }

  /** {@link #NONE} when it comes from nothing. */
  long source(long target) {
    return sources.get(target);
  }

  /** How many pairs there are. */
  long count() {
    return count;
  }

  /** Bytes in memory, about. */
  long size() {
    return targets.size() + sources.size();
  }

  long runCount() {
    return targets.runCount() + sources.runCount();
  }

  private static long maxMemory() {
    return Runtime.getRuntime().maxMemory();
  }
}
