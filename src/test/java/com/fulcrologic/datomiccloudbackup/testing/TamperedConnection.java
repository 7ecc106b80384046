package com.fulcrologic.datomiccloudbackup.testing;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.internal.log.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A real connection whose log was changed by hand, and so the states as of each t. */
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

  @Override
  public Stream<Datom> datoms(View view, Index index, Object... components) {
    if (view.asOfT().isEmpty() || view.history() || components.length > 0) {
      return super.datoms(view, index, components);
    }
    Map<List<Object>, Datom> state = new LinkedHashMap<>();
    for (Transaction transaction : log()) {
      if (transaction.t() <= view.asOfT().getAsLong()) {
        apply(transaction.datoms(), state);
      }
    }
    return List.copyOf(state.values()).stream();
  }

  private static void apply(List<Datom> datoms, Map<List<Object>, Datom> state) {
    for (boolean added : new boolean[] {false, true}) {
      for (Datom datom : datoms) {
        List<Object> fact = List.of(datom.e(), datom.a(), Values.canonical(datom.v()));
        if (datom.added() && added) {
          state.put(fact, datom);
        } else if (!datom.added() && !added) {
          state.remove(fact);
        }
      }
    }
  }

  private List<Transaction> log() {
    try (Stream<Transaction> log = super.txRange(new TxRange(0, super.basisT() + 1))) {
      return tamper.apply(log.toList());
    }
  }
}
