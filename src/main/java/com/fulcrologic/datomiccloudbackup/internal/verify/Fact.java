package com.fulcrologic.datomiccloudbackup.internal.verify;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.internal.log.Values;

/**
 * The content of a datom in the target's ids, without its transaction.
 *
 * @param v as {@link Values#canonical} makes it
 */
record Fact(long e, long a, Object v, boolean added) {
  static Fact of(Datom datom) {
    return new Fact(datom.e(), datom.a(), Values.canonical(datom.v()), datom.added());
  }

  Slot slot() {
    return new Slot(e, a, added);
  }

  /** The comparable part of a fact whose value a filter changes. */
  record Slot(long e, long a, boolean added) {}
}
