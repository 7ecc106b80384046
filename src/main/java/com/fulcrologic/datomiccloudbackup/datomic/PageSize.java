package com.fulcrologic.datomiccloudbackup.datomic;

import java.util.List;

/**
 * How many transactions of a log to ask a remote system for at once: by what the last ones weighed,
 * so that a reply takes about a megabyte. Thread-safe.
 */
final class PageSize {
  static final int COUNT_MAX = 1_000;

  /** As {@link Transaction#weight} counts: two to three times the bytes of a reply. */
  private static final long WEIGHT_TARGET = 2L << 20;

  private static final int COUNT_FIRST = 32;
  private static final int GROWTH_MAX = 4;

  private int count = COUNT_FIRST;

  synchronized int count() {
    return count;
  }

  /** Notes what came. */
  synchronized void saw(List<Transaction> page) {
    if (!page.isEmpty()) {
      long weight = page.stream().mapToLong(Transaction::weight).sum() / page.size();
      long fitting = WEIGHT_TARGET / Math.max(1, weight);
      count = (int) Math.max(1, Math.min(fitting, Math.min(COUNT_MAX, (long) count * GROWTH_MAX)));
    }
  }
}
