package com.fulcrologic.datomiccloudbackup.verify;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.TxRange;
import java.util.Optional;
import java.util.Set;

/** A log that can be read, wherever it is. */
interface ReadableLog {
  /** What it is called in a receipt. */
  String description();

  /** The t that it covers; empty when it has none. */
  Optional<TxRange> range();

  /** Reads it; to be closed. */
  LogCursor open();

  /** The ids of the entities that have borne one of these idents at any t. */
  Set<Long> bearersOf(Set<Keyword> idents);
}
