package com.fulcrologic.datomiccloudbackup.datomic;

import java.util.List;
import java.util.Map;

/**
 * What Datomic answered to a transaction that it committed.
 *
 * @param basisTBefore the t of the database value that the transaction saw
 * @param basisTAfter the transaction's own t
 * @param datomCount how many datoms it logged
 * @param tuples the tuples that it asserted, composites among them, as the client handed them out
 * @param tempids the entity id of each tempid; a tempid that resolved to nothing new is there too
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
