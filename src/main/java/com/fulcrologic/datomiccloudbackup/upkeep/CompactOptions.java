package com.fulcrologic.datomiccloudbackup.upkeep;

import com.fulcrologic.datomiccloudbackup.Progress;

/** How to write larger segments. Immutable; start from {@link #DEFAULTS}. */
public final class CompactOptions {

  /** 10 000 transactions and 16 MiB, as in a first backup. */
  public static final CompactOptions DEFAULTS =
      new CompactOptions(10_000, 16L << 20, Progress.IGNORED);

  private final long transactionCountMax;
  private final long contentSizeMax;
  private final Progress.Listener listener;

  private CompactOptions(
      long transactionCountMax, long contentSizeMax, Progress.Listener listener) {
    if (transactionCountMax < 2) {
      throw new IllegalArgumentException("transactionCountMax must be at least 2");
    }
    if (contentSizeMax < 1 || contentSizeMax > 1L << 30) {
      throw new IllegalArgumentException("contentSizeMax must be from 1 to 1 GiB");
    }
    this.transactionCountMax = transactionCountMax;
    this.contentSizeMax = contentSizeMax;
    this.listener = listener;
  }

  /**
   * How many t a segment covers at most: every compaction cuts the log at its multiples; at least
   * 2. From 1 001 on, larger segments have other keys than small ones.
   */
  public long transactionCountMax() {
    return transactionCountMax;
  }

  /** Bytes of a segment's transactions before compression; from 1 to 1 GiB. */
  public long contentSizeMax() {
    return contentSizeMax;
  }

  /** Called after each cut. */
  public Progress.Listener listener() {
    return listener;
  }

  public CompactOptions withTransactionCountMax(long countMax) {
    return new CompactOptions(countMax, contentSizeMax, listener);
  }

  public CompactOptions withContentSizeMax(long sizeMax) {
    return new CompactOptions(transactionCountMax, sizeMax, listener);
  }

  public CompactOptions withListener(Progress.Listener newListener) {
    return new CompactOptions(transactionCountMax, contentSizeMax, newListener);
  }
}
