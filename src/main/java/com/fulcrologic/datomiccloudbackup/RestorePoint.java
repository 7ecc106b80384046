package com.fulcrologic.datomiccloudbackup;

import java.time.Instant;

/** The point to restore to. */
public sealed interface RestorePoint {

  /** Everything that is stored. */
  RestorePoint NEWEST = new Newest();

  /** Everything that is stored. */
  record Newest() implements RestorePoint {}

  /**
   * Up to and including the transaction with this t, which must exist.
   *
   * @param t a source t; not negative
   */
  record AtT(long t) implements RestorePoint {
    public AtT {
      if (t < 0) {
        throw new IllegalArgumentException("t must not be negative");
      }
    }
  }

  /**
   * Up to and including the last transaction dated at or before this instant; reachable only when
   * the backup holds a later transaction, or one dated exactly then. Equal instants are all
   * included.
   *
   * @param instant a point of the source's own time
   */
  record AtInstant(Instant instant) implements RestorePoint {}
}
