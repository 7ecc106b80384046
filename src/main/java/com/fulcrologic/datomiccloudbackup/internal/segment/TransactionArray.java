package com.fulcrologic.datomiccloudbackup.internal.segment;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction as one flat array: {@code [t tx, e a v added, e a v added …]}. An e that equals the
 * one of the datom before is nil: most do, and nil takes one byte instead of nine.
 */
final class TransactionArray {
  static final int HEAD_COUNT = 2;
  static final int DATOM_COUNT = 4;

  private TransactionArray() {}

  /** Puts a transaction into {@code array}, which is emptied first. */
  static void toArray(Transaction transaction, List<@Nullable Object> array)
      throws MalformedValueException {
    array.clear();
    array.add(transaction.t());
    array.add(transaction.tx());
    @Nullable Datom previous = null;
    for (Datom datom : transaction.datoms()) {
      if (datom.tx() != transaction.tx()) {
        throw new MalformedValueException("a datom of another transaction");
      }
      array.add(previous != null && previous.e() == datom.e() ? null : (Long) datom.e());
      array.add(datom.a());
      array.add(TransitValues.toTransit(datom.v()));
      array.add(datom.added());
      previous = datom;
    }
  }

  static Transaction fromArray(List<?> array) throws MalformedValueException {
    int size = array.size();
    if (size < HEAD_COUNT || (size - HEAD_COUNT) % DATOM_COUNT != 0) {
      throw new MalformedValueException("an array that is no transaction");
    }
    long t = (Long) array.get(0);
    Long tx = (Long) array.get(1);
    Datom[] datoms = new Datom[(size - HEAD_COUNT) / DATOM_COUNT];
    @Nullable Long e = null;
    for (int i = 0, at = HEAD_COUNT; i < datoms.length; i++, at += DATOM_COUNT) {
      @Nullable Object own = array.get(at);
      e = own == null ? e : (Long) own;
      if (e == null) {
        throw new MalformedValueException("a first datom without an entity");
      }
      datoms[i] =
          new Datom(
              e,
              (Long) array.get(at + 1),
              TransitValues.fromTransit(array.get(at + 2)),
              tx,
              (Boolean) array.get(at + 3));
    }
    return new Transaction(t, tx, Arrays.asList(datoms));
  }
}
