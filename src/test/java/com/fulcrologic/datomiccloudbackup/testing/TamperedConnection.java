package com.fulcrologic.datomiccloudbackup.testing;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A real connection whose log was changed by hand. */
public final class TamperedConnection extends ForwardingConnection {
  private final UnaryOperator<List<Transaction>> tamper;

  public TamperedConnection(DatomicConnection real, UnaryOperator<List<Transaction>> tamper) {
    super(real);
    this.tamper = tamper;
  }

  @Override
  public long basisT() {
    List<Transaction> log = log();
    return log.isEmpty() ? 0 : log.get(log.size() - 1).t();
  }

  @Override
  public Stream<Transaction> txRange(TxRange range) {
    return log().stream().filter(tx -> range.contains(tx.t()));
  }

  private List<Transaction> log() {
    try (Stream<Transaction> log = super.txRange(new TxRange(0, super.basisT() + 1))) {
      return tamper.apply(log.toList());
    }
  }
}
