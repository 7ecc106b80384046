package com.fulcrologic.datomiccloudbackup.internal.segment;

import com.cognitect.transit.Reader;
import com.cognitect.transit.TransitFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

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
