package com.fulcrologic.datomiccloudbackup.check;

import com.fulcrologic.datomiccloudbackup.TxRange;
import java.util.Optional;

/**
 * Something that is wrong with a store.
 *
 * @param kind what sort of thing
 * @param range the t that it concerns; empty when it concerns none
 * @param message what is wrong and where, in one line; never a value from a database
 */
public record CheckFinding(Kind kind, Optional<TxRange> range, String message) {

  /** The possible faults of a store, the worst first. */
  public enum Kind {
    /** Stored bytes are not those that were written. */
    CORRUPT,
    /** Two segments tell different pasts. */
    FORKED,
    /** A segment of another database. */
    FOREIGN_SOURCE,
    /** Transactions are missing. */
    GAP,
    /** A later version of this library wrote it, and it could not be looked at. */
    UNSUPPORTED_FORMAT
  }
}
