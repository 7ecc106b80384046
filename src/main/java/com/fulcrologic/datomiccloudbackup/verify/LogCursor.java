package com.fulcrologic.datomiccloudbackup.verify;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.Optional;

/** Goes through a log once, from its beginning. One thread. */
interface LogCursor extends AutoCloseable {
  /** The next transaction; empty at the end. */
  Optional<Transaction> next();

  @Override
  void close();
}
