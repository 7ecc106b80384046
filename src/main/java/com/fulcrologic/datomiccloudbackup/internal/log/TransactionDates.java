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

/** The dates of transactions. */
public final class TransactionDates {
  /** The date for a transaction without one, like the first transactions of a bootstrap. */
  public static final Date EPOCH = new Date(0);

  private TransactionDates() {}

  /**
   * The {@code :db/txInstant} that a transaction asserts about itself; bootstraps may have none.
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

  /** The same, by one look-up without retry; the epoch for a transaction without a date. */
  public static Instant of(DatomicConnection connection, long tx) {
    try (Stream<Datom> dates =
        connection.datoms(View.CURRENT, Index.EAVT, tx, BuiltIns.TX_INSTANT)) {
      return dates.findFirst().map(date -> ((Date) date.v()).toInstant()).orElse(Instant.EPOCH);
    }
  }
}
