package com.fulcrologic.datomiccloudbackup.internal.verify;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Some hundred runs of an {@link IdRuns}. The last run is stored separately because it grows: ids
 * nearly always arrive in ascending order. Mutable; one thread.
 */
final class RunLeaf {
  static final int RUN_COUNT_MAX = 256;

  /**
   * A leaf with at least this many runs is split at a partition boundary. Each partition grows at
   * its end, and a leaf grows there at no cost.
   */
  private static final int SPLIT_COUNT_MIN = 32;

  /** The bytes of a leaf without its runs: the object, its fields, and its tree entry. */
  static final int OVERHEAD = 200;

  private RunBytes closed = new RunBytes();
  private @Nullable Run last;

  long get(long key) {
    Run open = last;
    if (open != null && key >= open.key()) {
      return open.contains(key) ? open.at(key) : IdRuns.NONE;
    }
    return closed.get(key);
  }

  /** The approximate size in bytes. */
  int size() {
    return OVERHEAD + closed.capacity();
  }

  int runCount() {
    return closed.count() + (last == null ? 0 : 1);
  }

  /**
   * Adds an absent key.
   *
   * @return a second leaf, for its first key and all greater keys, when this one was full
   */
  @Nullable Split add(long key, long value) {
    Run added = new Run(key, 1, value);
    Run open = last;
    if (open == null) {
      last = added;
    } else if (open.isFollowedBy(added)) {
      last = open.with(added);
    } else if (key < open.key()) {
      return insert(added);
    } else if (runCount() == RUN_COUNT_MAX) {
      closed.trim();
      RunLeaf next = new RunLeaf();
      next.last = added;
      return new Split(key, next);
    } else {
      closed.append(open);
      last = added;
    }
    return null;
  }

  /** A leaf and its first key. */
  record Split(long firstKey, RunLeaf leaf) {}

  /** Adds a run before the last one. */
  private @Nullable Split insert(Run added) {
    Run[] before = runs();
    int place = 0;
    while (before[place].key() < added.key()) {
      place++;
    }
    Run[] after = new Run[before.length + 1];
    int count = 0;
    int next = 0;
    for (int i = 0; i < before.length; i++) {
      if (i == place) {
        count = put(after, count, added);
        next = count;
      }
      count = put(after, count, before[i]);
    }
    boolean endsPartition = next < count && partition(after[next]) != partition(added);
    if (count > RUN_COUNT_MAX || (endsPartition && count >= SPLIT_COUNT_MIN)) {
      return split(after, count, endsPartition ? next : count / 2);
    }
    hold(Arrays.copyOf(after, count));
    return null;
  }

  private Split split(Run[] runs, int count, int middle) {
    RunLeaf second = new RunLeaf();
    second.hold(Arrays.copyOfRange(runs, middle, count));
    hold(Arrays.copyOf(runs, middle));
    return new Split(runs[middle].key(), second);
  }

  private Run[] runs() {
    Run[] runs = Arrays.copyOf(closed.runs(), runCount());
    if (last != null) {
      runs[runs.length - 1] = last;
    }
    return runs;
  }

  private void hold(Run[] runs) {
    closed = new RunBytes();
    for (int i = 0; i < runs.length - 1; i++) {
      closed.append(runs[i]);
    }
    closed.trim();
    last = runs[runs.length - 1];
  }

  /** Appends the run, or joins it to the run that it follows; returns the new count. */
  private static int put(Run[] runs, int count, Run run) {
    if (count > 0 && runs[count - 1].isFollowedBy(run)) {
      runs[count - 1] = runs[count - 1].with(run);
      return count;
    }
    runs[count] = run;
    return count + 1;
  }

  private static long partition(Run run) {
    return run.key() >>> Transaction.INDEX_BITS;
  }
}
