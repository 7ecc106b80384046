package com.fulcrologic.datomiccloudbackup.datomic;

import clojure.lang.IPersistentVector;
import clojure.lang.Keyword;
import clojure.lang.PersistentHashMap;
import clojure.lang.RT;
import clojure.lang.Tuple;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the forms of a transaction. An entity is a Long (its id), a String (a tempid), a Keyword
 * (its ident) or a {@link #lookupRef look-up ref}.
 */
public final class TxData {
  /** The tempid that stands for the transaction itself. */
  public static final String CURRENT_TRANSACTION = "datomic.tx";

  private static final Keyword ADD = Keyword.intern("db", "add");
  private static final Keyword RETRACT = Keyword.intern("db", "retract");
  private static final Keyword CAS = Keyword.intern("db", "cas");

  private static final Keyword FORCE_PARTITION = Keyword.intern("db", "force-partition");

  private TxData() {}

  /** Asserts a datom. */
  public static Object add(Object entity, Object attribute, Object value) {
    return Tuple.create(ADD, entity, attribute, value);
  }

  /** Retracts a datom. */
  public static Object retract(Object entity, Object attribute, Object value) {
    return Tuple.create(RETRACT, entity, attribute, value);
  }

  /**
   * Asserts {@code value} if the present value is {@code expected}; null means that there is none.
   */
  public static Object compareAndSwap(
      Object entity, Object attribute, @Nullable Object expected, Object value) {
    return Tuple.create(CAS, entity, attribute, expected, value);
  }

  /** Makes new entities in these partitions, by tempid; Datomic Pro alone. Adds no datom. */
  public static Object forcePartitions(Map<String, Long> partitions) {
    return RT.map(FORCE_PARTITION, PersistentHashMap.create(partitions));
  }

  /** The entity whose unique attribute has this value. */
  public static IPersistentVector lookupRef(Object attribute, Object value) {
    return Tuple.create(attribute, value);
  }
}
