package com.fulcrologic.datomiccloudbackup.internal.restore.ids;

import java.util.Arrays;

/**
 * A map from long to long in two arrays, by open addressing. Keys are not negative. Not
 * thread-safe.
 */
final class LongMap {
  /** The answer of {@link #get} for a key that is not there; no value equals it. */
  static final long ABSENT = -1;

  private static final int CAPACITY_FIRST = 1 << 4;

  private long[] keys = emptyKeys(CAPACITY_FIRST);
  private long[] values = new long[CAPACITY_FIRST];
  private int size;

  int size() {
    return size;
  }

  long get(long key) {
    int slot = slotOf(key);
    return keys[slot] == key ? values[slot] : ABSENT;
  }

  void put(long key, long value) {
    if (size >= keys.length / 8 * 5) {
      grow();
    }
    int slot = slotOf(key);
    if (keys[slot] != key) {
      keys[slot] = key;
      size++;
    }
    values[slot] = value;
  }

  long[] sortedKeys() {
    long[] sorted = new long[size];
    int count = 0;
    for (long key : keys) {
      if (key != ABSENT) {
        sorted[count++] = key;
      }
    }
    Arrays.sort(sorted);
    return sorted;
  }

  private int slotOf(long key) {
    int mask = keys.length - 1;
    long hash = key * 0x9E3779B97F4A7C15L; // spreads consecutive ids, and those of other partitions
    int slot = (int) (hash >>> 32) & mask;
    while (keys[slot] != ABSENT && keys[slot] != key) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldValues = values;
    keys = emptyKeys(oldKeys.length * 2);
    values = new long[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != ABSENT) {
        int slot = slotOf(oldKeys[i]);
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }

  private static long[] emptyKeys(int capacity) {
    long[] keys = new long[capacity];
    Arrays.fill(keys, ABSENT);
    return keys;
  }
}
