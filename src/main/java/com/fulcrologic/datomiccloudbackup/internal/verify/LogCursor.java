package com.fulcrologic.datomiccloudbackup.internal.verify;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.Optional;

/** Goes through a log once, from its beginning. One thread. */
interface LogCursor extends AutoCloseable {
  /** The next transaction; empty at the end. */
  Optional<Transaction> next();

  /**
   * At the end, where more is known to exist: waits for it, as long as the nodes of a live database
   * may be behind each other.
   *
   * @return whether there is more
   */
  default boolean awaitMore() {
    return false;
  }

  @Override
  void close();
}
