package com.fulcrologic.datomiccloudbackup.internal.check;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.segment.TransactionHash;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * The ascending t of a run of transactions, and 64 bits of the hash of each: 16 bytes per
 * transaction. Mutable; one thread.
 */
final class HashedRun {
  private long[] ts = new long[16];
  private long[] hashes = new long[16];
  private int size;

  static HashedRun of(Segment segment) {
    HashedRun run = new HashedRun();
    try (Stream<Transaction> transactions = segment.transactions()) {
      transactions.forEach(
          each -> {
            String sha256 = TransactionHash.sha256(each);
            run.add(each.t(), Long.parseUnsignedLong(sha256, 0, Long.BYTES * 2, 16));
          });
    }
    return run;
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

  /** The first index before these ends at which the runs differ; -1 when there is none. */
  int mismatch(int end, HashedRun other, int otherEnd) {
    return Arrays.mismatch(hashes, 0, end, other.hashes, 0, otherEnd);
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
