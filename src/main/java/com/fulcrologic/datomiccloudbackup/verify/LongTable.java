package com.fulcrologic.datomiccloudbackup.verify;

import java.util.Arrays;

/** From long to long, without an object for each: 16 bytes a place, at most two thirds of them. */
final class LongTable {
  /** What an absent key answers; it can be no key. */
  static final long NONE = Long.MIN_VALUE;

  private static final int CAPACITY_MIN = 1 << 10;

  private long[] keys = filled(CAPACITY_MIN);
  private long[] values = new long[CAPACITY_MIN];
  private int count;

  long get(long key) {
    int place = place(keys, key);
    return keys[place] == key ? values[place] : NONE;
  }

  /** The key must be absent. */
  void put(long key, long value) {
    if (3L * (count + 1) > 2L * keys.length) {
      grow();
    }
    int place = place(keys, key);
    keys[place] = key;
    values[place] = value;
    count++;
  }

  private void grow() {
    int capacity = Math.multiplyExact(keys.length, 2);
    long[] largerKeys = filled(capacity);
    long[] largerValues = new long[capacity];
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != NONE) {
        int place = place(largerKeys, keys[i]);
        largerKeys[place] = keys[i];
        largerValues[place] = values[i];
      }
    }
    keys = largerKeys;
    values = largerValues;
  }

  /** Where the key is, or would be. */
  private static int place(long[] keys, long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    int place = (int) (mixed >>> 32) & (keys.length - 1);
    while (keys[place] != NONE && keys[place] != key) {
      place = (place + 1) & (keys.length - 1);
    }
    return place;
  }

  private static long[] filled(int capacity) {
    long[] keys = new long[capacity];
    Arrays.fill(keys, NONE);
    return keys;
  }
}
