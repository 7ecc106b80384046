package com.fulcrologic.datomiccloudbackup.internal.verify;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.internal.log.Redaction;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A log that can be read: of a live database, or of a backup. */
interface ReadableLog {
  /** The description of this log in a receipt. */
  String description();

  /** The identity of the database of this log; empty when the log does not contain it. */
  Optional<SourceIdentity> identity();

  /** The name of the backup; empty for the log of a live database. */
  default Optional<String> backupName() {
    return Optional.empty();
  }

  /** The rules by which datoms are left out of the log. */
  default Redaction redaction() {
    return Redaction.NONE;
  }

  /** The range of t that the log covers; empty for an empty log. */
  Optional<TxRange> range();

  /** Reads a log once, from its beginning. One thread. */
  interface Cursor extends AutoCloseable {
    Optional<Transaction> next();

    /**
     * Waits at the end of the log for more transactions that are known to exist, as long as nodes
     * of a live database may lag behind each other. Returns whether there are more.
     */
    default boolean awaitMore() {
      return false;
    }

    /** Whether a stored log ends here since the next transaction is missing in it. */
    default boolean endsAtGap() {
      return false;
    }

    /**
     * Requires that the log is whole up to this t.
     *
     * @throws SegmentGapException when a part of it is missing
     */
    default void requireWholeThrough(long t) {}

    @Override
    void close();
  }

  /** Opens the log at its beginning; the caller closes the cursor. */
  Cursor open();

  /** The idents that each attribute, and possibly each other entity, had at any t, by its id. */
  Map<Long, Set<Keyword>> names();

  /**
   * Reads the datoms that the database held right after a transaction of this log, in any order.
   * After a transient fault, it begins anew: the sink may get a datom more than once.
   */
  void readState(long t, Path spillDirectory, Consumer<Datom> sink);
}
