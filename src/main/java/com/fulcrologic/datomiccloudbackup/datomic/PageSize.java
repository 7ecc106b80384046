package com.fulcrologic.datomiccloudbackup.datomic;

import java.util.List;

/**
 * The number of transactions of a log to read from a remote system at once. It depends on the
 * weight of the last transactions, so that a reply takes about a megabyte. Thread-safe.
 */
final class PageSize {
  static final int COUNT_MAX = 1_000;

  /** The weight of a page, by {@link Transaction#weight}: two to three times a reply's bytes. */
  private static final long WEIGHT_TARGET = 2L << 20;

  private static final int COUNT_FIRST = 32;
  private static final int GROWTH_MAX = 4;

  private int count = COUNT_FIRST;

  synchronized int count() {
    return count;
  }

  /** Records the weights of a received page. */
  synchronized void saw(List<Transaction> page) {
    if (!page.isEmpty()) {
      long weight = page.stream().mapToLong(Transaction::weight).sum() / page.size();
      long fitting = WEIGHT_TARGET / Math.max(1, weight);
      count = (int) Math.max(1, Math.min(fitting, Math.min(COUNT_MAX, (long) count * GROWTH_MAX)));
    }
  }
}
