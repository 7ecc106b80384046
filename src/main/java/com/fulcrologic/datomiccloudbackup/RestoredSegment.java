package com.fulcrologic.datomiccloudbackup;

import java.util.Set;

/**
 * Transactions that are in the target now.
 *
 * @param range the source transactions restored by this call: from the first t, to the last t + 1
 * @param transactionCount how many they are; at least 1
 * @param datomCount source datoms in them
 */
public record RestoredSegment(
    TxRange range, int transactionCount, long datomCount, Set<String> unmatchedFilters)
    implements RestoreOutcome {
  public RestoredSegment {
    unmatchedFilters = Set.copyOf(unmatchedFilters);
  }
}
