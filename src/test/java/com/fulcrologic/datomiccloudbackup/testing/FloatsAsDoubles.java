package com.fulcrologic.datomiccloudbackup.testing;

import clojure.lang.PersistentVector;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A log as a version before {@code ValueTypes} read it through the network client: floats are
 * doubles, in tuples too.
 */
public final class FloatsAsDoubles extends ForwardingConnection {
  /** The log of that connection. */
  public FloatsAsDoubles(DatomicConnection real) {
    super(real);
  }

  @Override
  public Stream<Transaction> txRange(TxRange range) {
    return real().txRange(range).map(FloatsAsDoubles::widened);
  }

  private static Transaction widened(Transaction transaction) {
    List<Datom> datoms =
        transaction.datoms().stream()
            .map(d -> new Datom(d.e(), d.a(), widened(d.v()), d.tx(), d.added()))
            .toList();
    return new Transaction(transaction.t(), transaction.tx(), datoms);
  }

  private static Object widened(Object value) {
    if (value instanceof Float number) {
      return number.doubleValue();
    }
    if (value instanceof List<?> elements) {
      List<@Nullable Object> widened = new ArrayList<>();
      elements.forEach(each -> widened.add(each == null ? null : widened(each)));
      return PersistentVector.create(widened);
    }
    return value;
  }
}
