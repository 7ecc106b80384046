package com.fulcrologic.datomiccloudbackup.wire;

import clojure.java.api.Clojure;
import clojure.lang.IFn;
import clojure.lang.IPersistentVector;
import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import clojure.lang.RT;
import com.cognitect.transit.ReadHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Transit over MessagePack, as the client reads and writes it; and transit over JSON, for keys. */
final class WireCodec {
  static final String CONTENT_TYPE = "application/transit+msgpack";

  private static final IFn READER;
  private static final IFn WRITER;
  private static final IFn READ;
  private static final IFn WRITE;
  private static final IFn TAGGED;
  private static final Object READ_OPTIONS;

  static {
    Clojure.var("clojure.core", "require").invoke(Clojure.read("cognitect.transit"));
    READER = Clojure.var("cognitect.transit", "reader");
    WRITER = Clojure.var("cognitect.transit", "writer");
    READ = Clojure.var("cognitect.transit", "read");
    WRITE = Clojure.var("cognitect.transit", "write");
    TAGGED = Clojure.var("cognitect.transit", "tagged-value");
    ReadHandler<URI, String> toUri = URI::create;
    READ_OPTIONS = RT.map(Keyword.intern("handlers"), RT.map("r", toUri));
  }

  private WireCodec() {}

  static Object read(byte[] bytes) {
    return READ.invoke(
        READER.invoke(new ByteArrayInputStream(bytes), Keyword.intern("msgpack"), READ_OPTIONS));
  }

  static byte[] write(Object value) {
    return write(value, "msgpack");
  }

  static byte[] writeJson(Object value) {
    return write(value, "json-verbose");
  }

  /** A datom, of whatever class, as the client expects it. */
  static Object datom(Object datom) {
    return TAGGED.invoke(
        "datom",
        PersistentVector.create(
            RT.nth(datom, 0),
            RT.nth(datom, 1),
            RT.nth(datom, 2),
            RT.nth(datom, 3),
            RT.nth(datom, 4)));
  }

  /** Datoms, in a vector. */
  static IPersistentVector datoms(Object datoms) {
    List<Object> coded = new ArrayList<>();
    for (Iterator<?> iterator = RT.iter(datoms); iterator.hasNext(); ) {
      coded.add(datom(iterator.next()));
    }
    return PersistentVector.create(coded);
  }

  private static byte[] write(Object value, String format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    WRITE.invoke(WRITER.invoke(out, Keyword.intern(format)), value);
    return out.toByteArray();
  }
}
