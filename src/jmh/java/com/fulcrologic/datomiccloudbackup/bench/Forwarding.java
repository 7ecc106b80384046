package com.fulcrologic.datomiccloudbackup.bench;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import java.util.List;
import java.util.stream.Stream;

/** A connection behind a decorator, which overrides what it changes. */
abstract class Forwarding implements DatomicConnection {
  private final DatomicConnection real;

  Forwarding(DatomicConnection real) {
    this.real = real;
  }

  @Override
  public String databaseName() {
    return real.databaseName();
  }

  @Override
  public String databaseId() {
    return real.databaseId();
  }

  @Override
  public long basisT() {
    return real.basisT();
  }

  @Override
  public Stream<Transaction> txRange(TxRange range) {
    return real.txRange(range);
  }

  @Override
  public TransactionReport transact(List<?> txData) {
    return real.transact(txData);
  }

  @Override
  public Stream<Datom> datoms(View view, Index index, Object... components) {
    return real.datoms(view, index, components);
  }

  @Override
  public List<Datom> indexRange(Object attribute, Object start, Object end, int countMax) {
    return real.indexRange(attribute, start, end, countMax);
  }
}
