package com.fulcrologic.datomiccloudbackup.datomic;

import java.util.List;

/**
 * One entry of a log. Its datoms are a set; the order of the list is Datomic's.
 *
 * @param t the transaction's number
 * @param tx the transaction's entity id
 */
public record Transaction(long t, long tx, List<Datom> datoms) {

  /** The low bits of an entity id, its index; those above them are its partition. */
  public static final int INDEX_BITS = 42;

  private static final long TRANSACTION_PARTITION = 3;

  public Transaction {
    datoms = List.copyOf(datoms);
  }

  /** Whether the entity lies where attributes and partitions do. */
  public static boolean isAmongSchema(long entity) {
    return entity >> INDEX_BITS == 0;
  }

  /** The entity id of transaction {@code t}: the transaction partition, then t. */
  public static long entityId(long t) {
    return TRANSACTION_PARTITION << INDEX_BITS | t;
  }
}
