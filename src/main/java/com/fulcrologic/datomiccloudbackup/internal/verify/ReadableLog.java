package com.fulcrologic.datomiccloudbackup.internal.verify;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A log that can be read, wherever it is. */
interface ReadableLog {
  /** What it is called in a receipt. */
  String description();

  /** Which database's log it is; empty when it holds nothing that tells. */
  Optional<SourceIdentity> identity();

  /** The same, and those that the database has had, or has taken on, beside it. */
  default List<SourceIdentity> identities() {
    return identity().stream().toList();
  }

  /** The name of the backup that it is; empty when it is a live database's. */
  Optional<String> backupName();

  /** The t that it covers; empty when it has none. */
  Optional<TxRange> range();

  /** Reads it; to be closed. */
  LogCursor open();

  /** The ids of the entities that have borne one of these idents at any t. */
  Set<Long> bearersOf(Set<Keyword> idents);
}
