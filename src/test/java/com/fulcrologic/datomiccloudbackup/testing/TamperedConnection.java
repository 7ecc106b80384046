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
  public Stream<Transaction> txRange(TxRange range) {
    try (Stream<Transaction> log = super.txRange(new TxRange(0, basisT() + 1))) {
      return tamper.apply(log.toList()).stream().filter(tx -> range.contains(tx.t()));
    }
  }
}
