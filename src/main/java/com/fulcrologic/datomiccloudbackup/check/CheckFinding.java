package com.fulcrologic.datomiccloudbackup.check;

import com.fulcrologic.datomiccloudbackup.TxRange;
import java.util.Optional;

/**
 * A fault of a store.
 *
 * @param kind the kind of fault
 * @param range the t that it concerns; empty when it concerns none
 * @param message what is wrong and where, in one line; never a value from a database
 */
public record CheckFinding(Kind kind, Optional<TxRange> range, String message) {

  /** The possible faults of a store, the worst first. */
  public enum Kind {
    /** Stored bytes are not those that were written. */
    CORRUPT,
    /** Two segments hold different pasts. */
    FORKED,
    /** A transaction of a receipt is not stored, or another one is in its place. */
    ROLLED_BACK,
    /** A segment of another database. */
    FOREIGN_SOURCE,
    /** Transactions are missing. */
    GAP,
    /** A later version of this library wrote the segment, which could not be checked. */
    UNSUPPORTED_FORMAT
  }
}
