package com.fulcrologic.datomiccloudbackup.internal.log;

import clojure.lang.Keyword;
import java.util.List;

/**
 * The attributes that a restore adds to its target. They fix the target's format for ever: see
 * {@code docs/decisions}.
 */
public final class Bookkeeping {
  /** Their namespace; the Clojure library used the same one. */
  public static final String NAMESPACE = "com.fulcrologic.datomic-cloud-backup.cloning";

  /** On every restored entity: its id in the source (long). */
  public static final Keyword ORIGINAL_ID = Keyword.intern(NAMESPACE, "original-id");

  /**
   * An attribute and an ident; {@code [marker marker t]} holds the last restored source t (long).
   */
  public static final Keyword LAST_SOURCE_TRANSACTION =
      Keyword.intern(NAMESPACE, "last-source-transaction");

  /**
   * On every restored transaction's entity: its t in the source (long, unique value). It also links
   * transactions: each one asserts again, by look-up ref, the {@code source-t} of its predecessor.
   * The assertion adds no datom, and fails if the predecessor is missing. The uniqueness admits
   * each t once.
   */
  public static final Keyword SOURCE_T = Keyword.intern(NAMESPACE, "source-t");

  /**
   * On every preparation's entity: {@code [after number]}, a tuple of two longs (unique value).
   * {@code after} is the last source t restored before it (-1 for none); {@code number} counts the
   * preparations after that t, from 1. It is a link like {@link #SOURCE_T}.
   */
  public static final Keyword PREPARATION = Keyword.intern(NAMESPACE, "preparation");

  /**
   * On an entity that stands for a source transaction before a baseline: the date of that
   * transaction (instant). Installed in targets that begin with a baseline.
   */
  public static final Keyword ORIGINAL_INSTANT = Keyword.intern(NAMESPACE, "original-instant");

  public static final List<Keyword> ALL =
      List.of(ORIGINAL_ID, LAST_SOURCE_TRANSACTION, SOURCE_T, PREPARATION);

  private Bookkeeping() {}

  /** Whether an ident belongs to this library, in any version. */
  public static boolean isBookkeeping(Keyword ident) {
    return NAMESPACE.equals(ident.getNamespace());
  }
}
