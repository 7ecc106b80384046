package com.fulcrologic.datomiccloudbackup.internal.segment;

import com.cognitect.transit.Reader;
import com.cognitect.transit.TransitFactory;
import java.io.IOException;
import java.util.Map;

/** Decodes single transit values (MessagePack) that a {@link ValueCutter} has cut. One thread. */
final class TransitDecoder {
  private final SliceInput input = new SliceInput();
  private final Reader reader =
      TransitFactory.reader(TransitFactory.Format.MSGPACK, input, ReadHandlers.ALL);

  /**
   * @throws RuntimeException of any kind when the value makes no sense
   */
  Object decode(ValueCutter cutter) throws IOException {
    input.reset(cutter.bytes(), cutter.offset(), cutter.size());
    Object value = reader.read();
    if (value == null || input.available() != 0) {
      throw new MalformedValueException("not a transit value");
    }
    return value;
  }

  /** Decodes a map with string keys that fills the stream. */
  static Map<?, ?> decodeMap(java.io.InputStream in, int sizeMax) throws IOException {
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
}
