package com.fulcrologic.datomiccloudbackup;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;

/**
 * How many transactions of one restore may be under way at once: sent, and not yet answered. The
 * target keeps their order, whatever the network does; on a target with latency, several under way
 * hide it. A restore goes up from {@code countMin} while that makes it faster, and down again when
 * it does not. Equal bounds leave it no choice.
 *
 * @param countMin 1 to {@code countMax}
 * @param countMax up to {@value #COUNT_LIMIT}; 1 sends each transaction after the answer to the one
 *     before, in the caller's thread
 */
public record TransactionsInFlight(int countMin, int countMax) {
  /** A restore that continues looks this far back for transactions of another writer. */
  public static final int COUNT_LIMIT = 32;

  /** One where the target answers at once, up to 16 where it is far away. */
  public static final TransactionsInFlight ADAPTIVE = new TransactionsInFlight(1, 16);

  /** One after another. */
  public static final TransactionsInFlight ONE = exactly(1);

  public TransactionsInFlight {
    if (countMin < 1 || countMax < countMin || countMax > COUNT_LIMIT) {
      throw new InvalidConfigurationException(
          "Failed to use " + countMin + " to " + countMax + " transactions in flight",
          "use numbers from 1 to " + COUNT_LIMIT + ", the lower one first");
    }
  }

  /** Always as many. */
  public static TransactionsInFlight exactly(int count) {
    return new TransactionsInFlight(count, count);
  }

  /** Up to as many, and one where that is as fast. */
  public static TransactionsInFlight upTo(int countMax) {
    return new TransactionsInFlight(1, countMax);
  }
}
