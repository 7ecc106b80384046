package com.fulcrologic.datomiccloudbackup;

/**
 * How to write larger segments. Immutable; start from {@link #DEFAULTS}.
 *
 * @param transactionCountMax how many t a segment covers at most: the log is cut at its multiples,
 *     whoever compacts; at least 2. From 1 001 on, larger segments have other keys than small ones
 * @param contentSizeMax bytes of a segment's transactions before compression; from 1 to 1 GiB
 * @param listener is told after each cut
 */
public record CompactOptions(
    long transactionCountMax, long contentSizeMax, Progress.Listener listener) {

  /** 10 000 transactions and 16 MiB, as in a first backup. */
  public static final CompactOptions DEFAULTS =
      new CompactOptions(10_000, 16L << 20, Progress.IGNORED);

  /**
   * @throws IllegalArgumentException when a number is out of its range
   */
  public CompactOptions {
    if (transactionCountMax < 2) {
      throw new IllegalArgumentException("transactionCountMax must be at least 2");
    }
    if (contentSizeMax < 1 || contentSizeMax > 1L << 30) {
      throw new IllegalArgumentException("contentSizeMax must be from 1 to 1 GiB");
    }
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
