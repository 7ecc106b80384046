package com.fulcrologic.datomiccloudbackup.internal.verify;

/**
 * What a datom says, in terms of the target: the transaction that says it is known from elsewhere.
 *
 * @param v as {@link Values#canonical} makes it
 */
record Fact(long e, long a, Object v, boolean added) {

  /** The same without the value. */
  Slot slot() {
    return new Slot(e, a, added);
  }

  /** What is left to compare where a filter changes the value. */
  record Slot(long e, long a, boolean added) {}
}
