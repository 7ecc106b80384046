package com.fulcrologic.datomiccloudbackup.internal.segment;

import com.cognitect.transit.Writer;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.internal.tools.Causes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Transactions as their canonical bytes, one transit value (MessagePack) each. The bytes depend on
 * nothing but the transaction. Mutable, one thread.
 *
 * <p>The value is one flat array: {@code [t tx, e a v added, e a v added …]}. An e that equals the
 * one of the datom before is nil: most do, and nil takes one byte instead of nine.
 */
final class TransactionEncoder {
  static final int HEAD_COUNT = 2;
  static final int DATOM_COUNT = 4;

  private final ByteSink sink = new ByteSink(Limits.TRANSACTION_SIZE_MAX);
  private final ArrayList<@Nullable Object> array = new ArrayList<>();
  private final Writer<Object> writer = TransitHandlers.writer(sink);

  /**
   * Encodes a transaction; its bytes lie in {@link #bytes()}, from 0 to before {@link #size()},
   * until the next call.
   */
  void encode(Transaction transaction) {
    sink.clear();
    try {
      toArray(transaction, array);
      writer.write(array);
      ValueCutter.check(sink.bytes(), sink.size());
    } catch (IOException | RuntimeException refused) {
      DecodingFailures.throwIfResourcesAreShort(refused);
      throw new UnsupportedFormatException(
          "Failed to encode transaction t " + transaction.t() + ": " + reason(refused),
          "this version cannot keep the transaction as it is; look for a newer one",
          refused);
    }
  }

  /** The datoms in an array of this size; negative when it is no transaction's. */
  static int datomCount(int arraySize) {
    int size = arraySize - HEAD_COUNT;
    return size % DATOM_COUNT == 0 ? size / DATOM_COUNT : -1;
  }

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

  byte[] bytes() {
    return sink.bytes();
  }

  int size() {
    return sink.size();
  }

  /** The reason, if this room states it; a foreign message may quote a value. */
  private static String reason(Exception refused) {
    return Causes.of(refused)
        .filter(MalformedValueException.class::isInstance)
        .findFirst()
        .map(Throwable::getMessage)
        .orElse("transit does not accept it");
  }
}
