package com.fulcrologic.datomiccloudbackup.datomic;

import java.util.Arrays;
import java.util.Objects;

/**
 * One fact of a log. Bytes are equal by content.
 *
 * @param e the entity's id
 * @param a the attribute's entity id
 * @param v the value, of the same class that Datomic uses: String, Boolean, Long, Double, Float,
 *     {@code clojure.lang.BigInt} or BigInteger, BigDecimal, Date, UUID, URI, {@code
 *     clojure.lang.Keyword}, {@code clojure.lang.Symbol}, or a Clojure vector of these and nulls;
 *     for a reference, a Long. In Datomic Pro also {@code byte[]} and {@link DatabaseFunction}
 * @param tx the transaction's entity id
 * @param added true for an assertion, false for a retraction
 */
public record Datom(long e, long a, Object v, long tx, boolean added) {
  @Override
  public boolean equals(Object other) {
    return other instanceof Datom that
        && e == that.e
        && a == that.a
        && tx == that.tx
        && added == that.added
        && Objects.deepEquals(v, that.v);
  }

  @Override
  public int hashCode() {
    int value = v instanceof byte[] bytes ? Arrays.hashCode(bytes) : v.hashCode();
    return 31 * (31 * (31 * (31 * Long.hashCode(e) + Long.hashCode(a)) + value) + Long.hashCode(tx))
        + Boolean.hashCode(added);
  }
}
