package com.fulcrologic.datomiccloudbackup.testing;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Counts what is asked of a real connection. */
public class CountingConnection extends ForwardingConnection {
  private final AtomicInteger transactCount = new AtomicInteger();
  private final AtomicInteger readCount = new AtomicInteger();
  private final AtomicInteger logReadCount = new AtomicInteger();

  public CountingConnection(DatomicConnection real) {
    super(real);
  }

  /** Calls of transact. */
  public int transactCount() {
    return transactCount.get();
  }

  /** Look-ups in an index: the only queries that there are. */
  public int readCount() {
    return readCount.get();
  }

  /** Reads of the log. */
  public int logReadCount() {
    return logReadCount.get();
  }

  @Override
  public Stream<Transaction> txRange(TxRange range) {
    logReadCount.incrementAndGet();
    return super.txRange(range);
  }

  @Override
  public TransactionReport transact(List<?> txData) {
    transactCount.incrementAndGet();
    return super.transact(txData);
  }

  @Override
  public Stream<Datom> datoms(View view, Index index, Object... components) {
    readCount.incrementAndGet();
    return super.datoms(view, index, components);
  }

  @Override
  public List<Datom> indexRange(Object attribute, Object start, Object end, int countMax) {
    readCount.incrementAndGet();
    return super.indexRange(attribute, start, end, countMax);
  }
}
