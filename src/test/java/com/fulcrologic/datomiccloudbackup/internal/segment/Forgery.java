package com.fulcrologic.datomiccloudbackup.internal.segment;

import com.cognitect.transit.TransitFactory;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A segment taken apart, to be put together wrongly but with hashes that agree. Written after
 * docs/format.adoc with nothing of the room it tests, so it holds that text against the code too.
 */
final class Forgery {
  long magic;
  int version;
  Map<String, Object> header;
  byte @Nullable [] headerBytes;
  @Nullable Integer headerSize;
  byte[] schema;
  byte @Nullable [] schemaStored;
  @Nullable Integer schemaSize;
  byte[] content;
  byte @Nullable [] contentStored;
  @Nullable Long contentSize;

  Forgery(Transaction... transactions) {
    ByteBuffer bytes = ByteBuffer.wrap(Logs.write(transactions).bytes());
    magic = bytes.getLong();
    version = bytes.getInt();
    header = new LinkedHashMap<>(map(take(bytes, bytes.getInt())));
    bytes.position(bytes.position() + 32);
    schema = gunzip(take(bytes, bytes.getInt()));
    content = gunzip(take(bytes, (int) bytes.getLong()));
    if (bytes.remaining() != 32) {
      throw new IllegalStateException("a hash comes last");
    }
  }

  /** Replaces the content, and lets the header agree in size and hash. */
  Forgery withContent(byte[] newContent) {
    content = newContent;
    header.put("content-size", newContent.length);
    header.put("content-hash", HexFormat.of().formatHex(sha256(newContent)));
    return this;
  }

  byte[] bytes() {
    byte[] head = headerBytes != null ? headerBytes : transit(header);
    byte[] schemaBytes = schemaStored != null ? schemaStored : gzip(schema);
    byte[] contentBytes = contentStored != null ? contentStored : gzip(content);
    ByteBuffer bytes =
        ByteBuffer.allocate(
            16 + head.length + 32 + 4 + schemaBytes.length + 8 + contentBytes.length);
    bytes.putLong(magic).putInt(version);
    bytes.putInt(headerSize != null ? headerSize : head.length).put(head);
    bytes.put(sha256(Arrays.copyOf(bytes.array(), bytes.position())));
    bytes.putInt(schemaSize != null ? schemaSize : schemaBytes.length).put(schemaBytes);
    bytes.putLong(contentSize != null ? contentSize : contentBytes.length).put(contentBytes);
    byte[] all = Arrays.copyOf(bytes.array(), bytes.position() + 32);
    System.arraycopy(sha256(bytes.array()), 0, all, bytes.position(), 32);
    return all;
  }

  static byte[] transit(Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TransitFactory.writer(TransitFactory.Format.MSGPACK, bytes).write(value);
    return bytes.toByteArray();
  }

  private static Map<String, Object> map(byte[] transit) {
    return TransitFactory.reader(TransitFactory.Format.MSGPACK, new ByteArrayInputStream(transit))
        .read();
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }

  private static byte[] gunzip(byte[] bytes) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return in.readAllBytes();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] take(ByteBuffer bytes, int size) {
    byte[] taken = new byte[size];
    bytes.get(taken);
    return taken;
  }
}
