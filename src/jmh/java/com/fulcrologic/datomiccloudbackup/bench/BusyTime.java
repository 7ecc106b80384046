package com.fulcrologic.datomiccloudbackup.bench;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import java.util.List;

/** How long a database had a transaction to work at, one or several. Thread-safe. */
final class BusyTime extends Forwarding {
  private int count;
  private long beginNanos;
  private long nanos;

  BusyTime(DatomicConnection real) {
    super(real);
  }

  @Override
  public TransactionReport transact(List<?> txData) {
    begin();
    try {
      return super.transact(txData);
    } finally {
      end();
    }
  }

  private synchronized void begin() {
    if (count++ == 0) {
      beginNanos = System.nanoTime();
    }
  }

  private synchronized void end() {
    if (--count == 0) {
      nanos += System.nanoTime() - beginNanos;
    }
  }

  synchronized double seconds() {
    return nanos / 1e9;
  }
}
