package com.fulcrologic.datomiccloudbackup.jobs;

import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.TransactionDates;

/** Finds transactions of a source together with their dates. */
final class Points {
  private Points() {}

  static SourcePoint newest(DatomicConnection source) {
    return at(source, source.basisT());
  }

  static SourcePoint at(DatomicConnection source, long t) {
    return new SourcePoint(t, TransactionDates.of(source, Transaction.entityId(t)));
  }
}
