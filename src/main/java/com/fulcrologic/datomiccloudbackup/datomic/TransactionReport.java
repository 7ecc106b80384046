package com.fulcrologic.datomiccloudbackup.datomic;

import java.util.List;
import java.util.Map;

/**
 * The answer of Datomic to a committed transaction.
 *
 * @param basisTBefore the t of the database value that the transaction saw
 * @param basisTAfter the transaction's own t
 * @param datomCount the number of datoms in the log
 * @param tuples the asserted tuples, composites among them, as the client returned them
 * @param tempids the entity id of each tempid, also of a tempid that resolved to nothing new
 */
public record TransactionReport(
    long basisTBefore,
    long basisTAfter,
    int datomCount,
    List<List<?>> tuples,
    Map<String, Long> tempids) {
  public TransactionReport {
    tuples = List.copyOf(tuples);
    tempids = Map.copyOf(tempids);
  }
}
