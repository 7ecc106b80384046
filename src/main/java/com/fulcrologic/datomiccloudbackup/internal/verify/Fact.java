package com.fulcrologic.datomiccloudbackup.internal.verify;

/**
 * The content of a datom in the target's ids, without its transaction.
 *
 * @param v as {@link Values#canonical} makes it
 */
record Fact(long e, long a, Object v, boolean added) {

  /** The fact without its value. */
  Slot slot() {
    return new Slot(e, a, added);
  }

  /** The comparable part of a fact whose value a filter changes. */
  record Slot(long e, long a, boolean added) {}
}
