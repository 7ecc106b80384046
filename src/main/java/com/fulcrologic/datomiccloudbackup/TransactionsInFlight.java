package com.fulcrologic.datomiccloudbackup;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;

/**
 * The number of transactions of one restore in flight at once: sent, and not yet answered. The
 * target keeps their order, whatever the network does. Several in flight hide the latency of a
 * target. A restore raises the number from {@code countMin} while that makes it faster, and lowers
 * it when it does not. Equal bounds fix the number.
 *
 * @param countMin 1 to {@code countMax}
 * @param countMax up to {@value #COUNT_LIMIT}; 1 sends each transaction after the answer to the one
 *     before, in the caller's thread
 */
public record TransactionsInFlight(int countMin, int countMax) {
  /** A restore that continues looks this far back for transactions of another writer. */
  public static final int COUNT_LIMIT = 32;

  /** One for a target that answers at once, up to 16 for a distant one. */
  public static final TransactionsInFlight ADAPTIVE = new TransactionsInFlight(1, 16);

  /** One at a time. */
  public static final TransactionsInFlight ONE = exactly(1);

  public TransactionsInFlight {
    if (countMin < 1 || countMax < countMin || countMax > COUNT_LIMIT) {
      throw new InvalidConfigurationException(
          "Failed to use " + countMin + " to " + countMax + " transactions in flight",
          "use numbers from 1 to " + COUNT_LIMIT + ", the lower one first");
    }
  }

  /** Always this number. */
  public static TransactionsInFlight exactly(int count) {
    return new TransactionsInFlight(count, count);
  }

  /** Up to this number; one if that is as fast. */
  public static TransactionsInFlight upTo(int countMax) {
    return new TransactionsInFlight(1, countMax);
  }
}
