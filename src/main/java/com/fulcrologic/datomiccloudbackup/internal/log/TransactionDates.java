package com.fulcrologic.datomiccloudbackup.internal.log;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.stream.Stream;

/** When a transaction was. */
public final class TransactionDates {
  /** The date of a transaction that has none, as the first ones of a bootstrap. */
  public static final Date EPOCH = new Date(0);

  private TransactionDates() {}

  /**
   * The {@code :db/txInstant} that a transaction asserts of itself; empty for the first ones of a
   * bootstrap.
   *
   * @param schema of the log that it is from
   */
  public static Optional<Instant> in(Transaction transaction, Schema schema) {
    for (Datom datom : transaction.datoms()) {
      if (datom.v() instanceof Date date
          && datom.e() == transaction.tx()
          && BuiltIns.TX_INSTANT.equals(schema.builtIn(datom.a()))) {
        return Optional.of(date.toInstant());
      }
    }
    return Optional.empty();
  }

  /**
   * The {@code :db/txInstant} of a transaction: one look-up, which is not retried. The epoch for
   * what has none, as the first bootstrap transactions.
   *
   * @param tx the transaction's entity id
   */
  public static Instant of(DatomicConnection connection, long tx) {
    try (Stream<Datom> dates =
        connection.datoms(View.CURRENT, Index.EAVT, tx, BuiltIns.TX_INSTANT)) {
      return dates.findFirst().map(date -> ((Date) date.v()).toInstant()).orElse(Instant.EPOCH);
    }
  }
}
