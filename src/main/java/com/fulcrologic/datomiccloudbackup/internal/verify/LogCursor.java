package com.fulcrologic.datomiccloudbackup.internal.verify;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.Optional;

/** Reads a log once, from its beginning. One thread. */
interface LogCursor extends AutoCloseable {
  /** The next transaction; empty at the end. */
  Optional<Transaction> next();

  /**
   * Waits at the end of the log for more transactions that are known to exist. Waits as long as the
   * nodes of a live database may lag behind each other.
   *
   * @return whether there are more
   */
  default boolean awaitMore() {
    return false;
  }

  @Override
  void close();
}
