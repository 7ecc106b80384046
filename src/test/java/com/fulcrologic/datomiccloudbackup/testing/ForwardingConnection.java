package com.fulcrologic.datomiccloudbackup.testing;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import java.util.List;
import java.util.stream.Stream;

/** A real connection behind a decorator, which overrides what it wants to watch or to disturb. */
public abstract class ForwardingConnection implements DatomicConnection {
  private final DatomicConnection real;

  protected ForwardingConnection(DatomicConnection real) {
    this.real = real;
  }

  /** The connection behind it. */
  protected final DatomicConnection real() {
    return real;
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
  public long freshBasisT() {
    return basisT();
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
