package com.fulcrologic.datomiccloudbackup.internal.check;

import java.util.Arrays;

/**
 * The ascending t of a run of transactions, and 64 bits of the hash of each: 16 bytes per
 * transaction. Mutable; one thread.
 */
final class HashedRun {
  private long[] ts = new long[16];
  private long[] hashes = new long[16];
  private int size;

  void add(long t, String sha256) {
    add(t, Long.parseUnsignedLong(sha256, 0, Long.BYTES * 2, 16));
  }

  private void add(long t, long hash) {
    if (size == ts.length) {
      ts = Arrays.copyOf(ts, size * 2);
      hashes = Arrays.copyOf(hashes, size * 2);
    }
    ts[size] = t;
    hashes[size++] = hash;
  }

  int size() {
    return size;
  }

  long t(int index) {
    return ts[index];
  }

  long hash(int index) {
    return hashes[index];
  }

  /** The index of the first transaction at or after t; the size when there is none. */
  int indexFrom(long t) {
    int found = Arrays.binarySearch(ts, 0, size, t);
    return found >= 0 ? found : -found - 1;
  }

  void dropBefore(int index) {
    ts = Arrays.copyOfRange(ts, index, Math.max(size, index + 16));
    hashes = Arrays.copyOfRange(hashes, index, Math.max(size, index + 16));
    size -= index;
  }

  void addFrom(HashedRun other, int index) {
    for (int i = index; i < other.size; i++) {
      add(other.ts[i], other.hashes[i]);
    }
  }
}
