package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;

/**
 * The order of entities in a state: by the index of the id, then by the partition. So entities come
 * in the order in which Datomic made them, and most references point backward.
 */
public final class StateOrder {
  private StateOrder() {}

  /** A number that orders entities; compare it unsigned. */
  public static long of(long entity) {
    return Long.rotateLeft(entity, Long.SIZE - Transaction.INDEX_BITS);
  }

  /** The entity with this number. */
  static long entity(long order) {
    return Long.rotateRight(order, Long.SIZE - Transaction.INDEX_BITS);
  }
}
