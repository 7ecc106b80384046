package com.fulcrologic.datomiccloudbackup.datomic;

import clojure.lang.Keyword;
import clojure.lang.RT;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
  private static final Keyword T = Keyword.intern("t");
  private static final Keyword TX_DATA = Keyword.intern("tx-data");
  private static final Keyword DB_BEFORE = Keyword.intern("db-before");
  private static final Keyword DB_AFTER = Keyword.intern("db-after");
  private static final Keyword TEMPIDS = Keyword.intern("tempids");

  public TransactionReport {
    tuples = List.copyOf(tuples);
    tempids = Map.copyOf(tempids);
  }

  /** Null for a reply that lacks a part: the transaction may be committed. */
  static @Nullable TransactionReport ofClient(@Nullable Object reply) {
    Object before = RT.get(RT.get(reply, DB_BEFORE), T);
    Object after = RT.get(RT.get(reply, DB_AFTER), T);
    if (before == null || after == null || RT.get(reply, TX_DATA) == null) {
      return null;
    }
    Map<String, Long> tempids = new HashMap<>();
    if (RT.get(reply, TEMPIDS) instanceof Map<?, ?> resolved) {
      resolved.forEach(
          (tempid, id) -> {
            if (id != null) { // Local reports no id for "datomic.tx" as a value
              tempids.put(String.valueOf(tempid), number(id));
            }
          });
    }
    return new TransactionReport(
        number(before),
        number(after),
        RT.count(RT.get(reply, TX_DATA)),
        tuples(RT.iter(RT.get(reply, TX_DATA))),
        tempids);
  }

  private static long number(Object value) {
    return ((Number) value).longValue();
  }

  private static List<List<?>> tuples(Iterator<?> datoms) {
    List<List<?>> tuples = new ArrayList<>();
    while (datoms.hasNext()) {
      Object datom = datoms.next();
      if (RT.nth(datom, 2) instanceof List<?> tuple && RT.booleanCast(RT.nth(datom, 4))) {
        tuples.add(tuple);
      }
    }
    return tuples;
  }
}
