package com.fulcrologic.datomiccloudbackup.internal.segment;

import com.cognitect.transit.Reader;
import com.cognitect.transit.TransitFactory;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decodes single transit values (MessagePack) that a {@link ValueCutter} has cut. One thread. */
final class TransitDecoder {
  private final Slice input = new Slice();
  private final Reader reader =
      TransitFactory.reader(TransitFactory.Format.MSGPACK, input, TransitHandlers.READ);

  Object decode(ValueCutter cutter) throws IOException {
    input.reset(cutter.bytes(), cutter.offset(), cutter.size());
    Object value = reader.read();
    if (value == null || input.available() != 0) {
      throw new MalformedValueException("not a transit value");
    }
    return value;
  }

  /** Decodes a map with string keys that fills the stream. */
  static Map<?, ?> decodeMap(InputStream in, int sizeMax) throws IOException {
    ValueCutter cutter = new ValueCutter(in, sizeMax);
    if (!cutter.next()) {
      throw new MalformedValueException("nothing there");
    }
    Object value = new TransitDecoder().decode(cutter);
    if (!(value instanceof Map<?, ?> map) || cutter.next()) {
      throw new MalformedValueException("not exactly one map");
    }
    return map;
  }

  /** Decodes a transaction, as {@link TransactionEncoder} writes it. */
  Transaction decodeTransaction(ValueCutter cutter) throws IOException {
    if (!(decode(cutter) instanceof List<?> array)) {
      throw new MalformedValueException("a value that is no transaction");
    }
    return fromArray(array);
  }

  static Transaction fromArray(List<?> array) throws MalformedValueException {
    int datomCount = TransactionEncoder.datomCount(array.size());
    if (datomCount < 0) {
      throw new MalformedValueException("an array that is no transaction");
    }
    long t = (Long) array.get(0);
    Long tx = (Long) array.get(1);
    Datom[] datoms = new Datom[datomCount];
    @Nullable Long e = null;
    for (int i = 0; i < datomCount; i++) {
      int at = TransactionEncoder.HEAD_COUNT + i * TransactionEncoder.DATOM_COUNT;
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

  static Object required(Map<?, ?> map, String key) throws MalformedValueException {
    Object value = map.get(key);
    if (value == null) {
      throw new MalformedValueException("no " + key);
    }
    return value;
  }

  /** Part of an array as a stream that is used again. */
  private static final class Slice extends ByteArrayInputStream {
    Slice() {
      super(new byte[0]);
    }

    void reset(byte[] source, int offset, int size) {
      buf = source;
      pos = offset;
      count = offset + size;
    }
  }
}
