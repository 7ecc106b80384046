package com.fulcrologic.datomiccloudbackup.internal.log;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

/** The transaction by which a database differs from all others. */
public final class FirstTransaction {
  private static final long BEGINNING_SPAN = 16;

  private FirstTransaction() {}

  /** The first transaction that is not part of the bootstrap; reads the log up to it. */
  public static Optional<Transaction> in(DatomicConnection source) {
    Bootstrap bootstrap = new Bootstrap();
    long basisT = source.basisT();
    // A longer range may be read in large chunks. Each begins after what was read, should one come
    // back short.
    long end = 0;
    while (end <= basisT) {
      end = Math.min(Math.max(1, end) * BEGINNING_SPAN, basisT + 1);
      try (Stream<Transaction> log = source.txRange(new TxRange(bootstrap.lastT() + 1, end))) {
        Iterator<Transaction> transactions = log.iterator();
        while (transactions.hasNext()) {
          Transaction transaction = transactions.next();
          if (!bootstrap.includes(transaction)) {
            return Optional.of(transaction);
          }
        }
      }
    }
    return Optional.empty();
  }
}
