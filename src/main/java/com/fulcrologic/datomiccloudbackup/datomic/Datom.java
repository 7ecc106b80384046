package com.fulcrologic.datomiccloudbackup.datomic;

/**
 * One fact of a log.
 *
 * @param e the entity's id
 * @param a the attribute's entity id
 * @param v the value, of the same class that Datomic uses: String, Boolean, Long, Double, Float,
 *     {@code clojure.lang.BigInt} or BigInteger, BigDecimal, Date, UUID, URI, {@code
 *     clojure.lang.Keyword}, {@code clojure.lang.Symbol}, or a Clojure vector of these and nulls;
 *     for a reference, a Long
 * @param tx the transaction's entity id
 * @param added true for an assertion, false for a retraction
 */
public record Datom(long e, long a, Object v, long tx, boolean added) {}
