package com.fulcrologic.datomiccloudbackup.internal.verify;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some hundred runs of an id map of {@link IdPairs}, in ascending order of key. All but the last
 * are bytes, each relative to the run before it: the distance from its end, the length, and the
 * partition of the value. If it has changed, the difference between the indexes (the low 42 bits)
 * of value and key follows. Each number takes 1 to 10 bytes; smaller numbers take fewer. The last
 * run is stored separately because it grows: ids nearly always arrive in ascending order. Mutable;
 * one thread.
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

  private static final long INDEX_MASK = (1L << Transaction.INDEX_BITS) - 1;
  private static final int RUN_SIZE_MAX = 40;
  private static final int GROWTH_MAX = 1_024;
  private static final byte[] NOTHING = {};

  private byte[] bytes = NOTHING;
  private int size;
  private int count; // of the runs in bytes
  private long end; // of these
  private long indexDifference;
  private @Nullable Run last;

  /**
   * Consecutive ids that map to consecutive ids: {@code key + i} to {@code value + i}, for each
   * {@code i} below {@code length}.
   */
  private record Run(long key, long length, long value) {
    boolean contains(long id) {
      return id >= key && Long.compareUnsigned(id - key, length) < 0;
    }

    /** Whether {@code next} starts at the end of this run, in keys and in values. */
    boolean isFollowedBy(Run next) {
      return key + length == next.key && value + length == next.value;
    }

    /** Joins both runs; {@code next} must follow this one. */
    Run with(Run next) {
      return new Run(key, length + next.length, value);
    }

    long partition() {
      return key >>> Transaction.INDEX_BITS;
    }
  }

  long get(long key) {
    Run open = last;
    if (open != null && key >= open.key()) {
      return open.contains(key) ? open.value() + (key - open.key()) : IdPairs.NONE;
    }
    Reader reader = new Reader();
    while (reader.next() && reader.key <= key) {
      if (Long.compareUnsigned(key - reader.key, reader.length) < 0) {
        return reader.value + (key - reader.key);
      }
    }
    return IdPairs.NONE;
  }

  int size() {
    return OVERHEAD + bytes.length;
  }

  long firstKey() {
    return runs().get(0).key();
  }

  /** Adds an absent key; returns a leaf for its first key and all greater ones if this was full. */
  @Nullable RunLeaf add(long key, long value) {
    Run added = new Run(key, 1, value);
    Run open = last;
    if (open == null) {
      last = added;
    } else if (open.isFollowedBy(added)) {
      last = open.with(added);
    } else if (key < open.key()) {
      return insert(added);
    } else if (count + 1 == RUN_COUNT_MAX) {
      bytes = Arrays.copyOf(bytes, size);
      RunLeaf next = new RunLeaf();
      next.last = added;
      return next;
    } else {
      append(open);
      last = added;
    }
    return null;
  }

  private @Nullable RunLeaf insert(Run added) {
    List<Run> runs = runs();
    int place = 0;
    while (runs.get(place).key() < added.key()) {
      place++;
    }
    runs.add(place, added);
    join(runs, place);
    int next = place > 0 && join(runs, place - 1) ? place : place + 1;
    boolean endsPartition = next < runs.size() && runs.get(next).partition() != added.partition();
    RunLeaf second = null;
    if (runs.size() > RUN_COUNT_MAX || (endsPartition && runs.size() >= SPLIT_COUNT_MIN)) {
      int middle = endsPartition ? next : runs.size() / 2;
      second = new RunLeaf();
      second.hold(runs.subList(middle, runs.size()));
      runs = runs.subList(0, middle);
    }
    hold(runs);
    return second;
  }

  /** Joins the run at a place with the one after it, if that follows it. */
  private static boolean join(List<Run> runs, int place) {
    boolean isFollowed =
        place + 1 < runs.size() && runs.get(place).isFollowedBy(runs.get(place + 1));
    if (isFollowed) {
      runs.set(place, runs.get(place).with(runs.remove(place + 1)));
    }
    return isFollowed;
  }

  private List<Run> runs() {
    List<Run> runs = new ArrayList<>(count + 2);
    for (Reader reader = new Reader(); reader.next(); ) {
      runs.add(new Run(reader.key, reader.length, reader.value));
    }
    if (last != null) {
      runs.add(last);
    }
    return runs;
  }

  private void hold(List<Run> runs) {
    bytes = NOTHING;
    size = 0;
    count = 0;
    end = 0;
    indexDifference = 0;
    runs.subList(0, runs.size() - 1).forEach(this::append);
    bytes = Arrays.copyOf(bytes, size);
    last = runs.get(runs.size() - 1);
  }

  /** Its key must not be below the end of the last run in bytes. */
  private void append(Run run) {
    if (bytes.length - size < RUN_SIZE_MAX) {
      bytes = Arrays.copyOf(bytes, size + RUN_SIZE_MAX + Math.min(size, GROWTH_MAX));
    }
    long difference = (run.value() & INDEX_MASK) - (run.key() & INDEX_MASK);
    boolean isChanged = difference != indexDifference;
    writeNumber(run.key() - end);
    writeNumber((run.length() - 1) << 1 | (isChanged ? 1 : 0));
    writeNumber(run.value() >>> Transaction.INDEX_BITS);
    if (isChanged) {
      long change = difference - indexDifference;
      writeNumber(change << 1 ^ change >> (Long.SIZE - 1));
    }
    indexDifference = difference;
    end = run.key() + run.length();
    count++;
  }

  private void writeNumber(long number) {
    long rest = number;
    while (rest >>> 7 != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  private final class Reader {
    private int place;
    private long difference;
    private long key;
    private long length;
    private long value;

    boolean next() {
      if (place == size) {
        return false;
      }
      key = key + length + readNumber();
      long lengthAndChange = readNumber();
      length = (lengthAndChange >>> 1) + 1;
      long partition = readNumber();
      if ((lengthAndChange & 1) != 0) {
        long change = readNumber();
        difference += change >>> 1 ^ -(change & 1);
      }
      value = partition << Transaction.INDEX_BITS | ((key & INDEX_MASK) + difference);
      return true;
    }

    private long readNumber() {
      long number = 0;
      for (int shift = 0; ; shift += 7) {
        byte each = bytes[place++];
        number |= (long) (each & 0x7F) << shift;
        if (each >= 0) {
          return number;
        }
      }
    }
  }
}
