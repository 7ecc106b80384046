package com.fulcrologic.datomiccloudbackup.internal.segment;

import com.cognitect.transit.TransitFactory;
import com.cognitect.transit.Writer;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import java.io.IOException;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Transactions as their canonical bytes, one transit value (MessagePack) each. The bytes depend on
 * nothing but the transaction. Mutable, one thread.
 */
final class TransactionEncoder {
  private final ByteSink sink = new ByteSink(Limits.TRANSACTION_SIZE_MAX);
  private final ArrayList<@Nullable Object> array = new ArrayList<>();
  private final Writer<Object> writer =
      TransitFactory.writer(
          TransitFactory.Format.MSGPACK,
          sink,
          TransitHandlers.WRITE,
          TransitFactory.defaultDefaultWriteHandler());

  /**
   * Encodes a transaction; its bytes lie in {@link #bytes()}, from 0 to before {@link #size()},
   * until the next call.
   */
  void encode(Transaction transaction) {
    sink.clear();
    try {
      TransactionArray.toArray(transaction, array);
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

  byte[] bytes() {
    return sink.bytes();
  }

  int size() {
    return sink.size();
  }

  /** The reason, if this room states it; a foreign message may quote a value. */
  private static String reason(Exception refused) {
    Throwable cause = refused.getCause();
    if (cause instanceof MalformedValueException) {
      return String.valueOf(cause.getMessage());
    }
    return refused instanceof MalformedValueException
        ? String.valueOf(refused.getMessage())
        : "transit does not accept it";
  }
}
