package com.fulcrologic.datomiccloudbackup.datomic;

import java.util.Collection;
import java.util.List;

/**
 * One entry of a log. Its datoms are a set; the order of the list is Datomic's.
 *
 * @param t the transaction's number
 * @param tx the transaction's entity id
 */
public record Transaction(long t, long tx, List<Datom> datoms) {

  /** The low bits of an entity id, its index; the bits above are its partition. */
  public static final int INDEX_BITS = 42;

  private static final long TRANSACTION_PARTITION = 3;
  private static final long USER_PARTITION = 4; // the last one of Datomic's own
  private static final long IMPLICIT_PARTITION_FIRST = 1 << 19;
  private static final int DATOM_WEIGHT = 128; // in addition to a large value

  public Transaction {
    datoms = List.copyOf(datoms);
  }

  /** The approximate memory of this transaction, in bytes. */
  public long weight() {
    long weight = DATOM_WEIGHT; // of the transaction itself
    for (Datom datom : datoms) {
      weight += DATOM_WEIGHT + weight(datom.v());
    }
    return weight;
  }

  private static long weight(Object value) {
    if (value instanceof String text) {
      return 2L * text.length();
    }
    if (value instanceof byte[] bytes) {
      return bytes.length;
    }
    if (value instanceof DatabaseFunction function) {
      return 2L * function.edn().length();
    }
    if (value instanceof Collection<?> tuple) {
      long weight = 0;
      for (Object element : tuple) {
        weight += element == null ? 0 : weight(element);
      }
      return weight;
    }
    return 0; // numbers of any length are rare
  }

  /** Whether the entity is in the partition of attributes and partitions. */
  public static boolean isAmongSchema(long entity) {
    return entity >> INDEX_BITS == 0;
  }

  /** The partition of an entity. */
  public static long partition(long entity) {
    return entity >> INDEX_BITS;
  }

  /** Whether a partition is an entity that a user has named and installed; in Datomic Pro. */
  public static boolean isNamedPartition(long partition) {
    return partition > USER_PARTITION && partition < IMPLICIT_PARTITION_FIRST;
  }

  /** Whether a partition is one of those that need no entity; in Datomic Pro. */
  public static boolean isImplicitPartition(long partition) {
    return partition >= IMPLICIT_PARTITION_FIRST;
  }

  /** The entity id of transaction {@code t}: the transaction partition, then t. */
  public static long entityId(long t) {
    return TRANSACTION_PARTITION << INDEX_BITS | t;
  }
}
