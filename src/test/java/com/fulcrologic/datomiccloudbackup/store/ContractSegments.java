package com.fulcrologic.datomiccloudbackup.store;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Small segments, and such as nobody should write; offsets as docs/format.adoc tells them. */
final class ContractSegments {
  /** What says that bytes are no segment, or not one for this version. */
  static final Class<?>[] REFUSALS = {
    CorruptSegmentException.class, UnsupportedFormatException.class
  };

  private static final int VERSION_AT = 8;
  private static final int HEADER_SIZE_AT = 12;
  private static final int HEADER_AT = 16;
  private static final int HASH_SIZE = 32;

  private ContractSegments() {}

  /** A sound segment of a transaction for each t. */
  static byte[] of(TxRange range) {
    SegmentWriter writer =
        new SegmentWriter(
            new SourceIdentity("orders-db", "ab".repeat(HASH_SIZE)),
            new Schema(),
            range.startT(),
            range.startT() == 0 ? OptionalLong.empty() : OptionalLong.of(range.startT() - 1),
            SegmentWriter.CONTENT_SIZE_MAX_DEFAULT);
    for (long t = range.startT(); t < range.endT(); t++) {
      long tx = Transaction.entityId(t);
      writer.add(new Transaction(t, tx, List.of(new Datom(tx, 62, "said at " + t, tx, true))));
    }
    return writer.finish().bytes();
  }

  /** None of these may be believed; where it matters, their hashes agree. */
  static List<byte[]> hostile() {
    byte[] garbage = new byte[100_000];
    new Random(13).nextBytes(garbage);
    return List.of(
        new byte[1 << 20],
        garbage,
        patched(VERSION_AT, 99),
        patched(VERSION_AT, -1),
        patched(HEADER_SIZE_AT, Integer.MAX_VALUE),
        patched(HEADER_SIZE_AT, -1),
        withSchemaSize(Integer.MAX_VALUE),
        withSchemaSize(-1),
        withContentSize(Long.MAX_VALUE),
        withContentSize(Long.MIN_VALUE),
        withContent(gzip(repeated(0, 64 << 20))),
        withContent(gzip(repeated(0x91, 1 << 20))),
        withContent(gzip(new byte[] {(byte) 0xdb, 0x03, -1, -1, -1, 'x'})),
        withContent(gzip(new byte[] {(byte) 0x92, 0x00, (byte) 0xa2, (byte) 0xc3, 0x28})),
        withContent(garbage));
  }

  private static byte[] patched(int at, int number) {
    return hashed(sound().putInt(at, number).array());
  }

  private static byte[] withSchemaSize(int size) {
    return hashed(sound().putInt(schemaSizeAt(sound()), size).array());
  }

  private static byte[] withContentSize(long size) {
    return hashed(sound().putLong(contentSizeAt(sound()), size).array());
  }

  /** The header still tells the size and the hash of what was there. */
  private static byte[] withContent(byte[] content) {
    byte[] sound = sound().array();
    int at = contentSizeAt(sound());
    ByteBuffer bytes = ByteBuffer.allocate(at + Long.BYTES + content.length + HASH_SIZE);
    return hashed(bytes.put(sound, 0, at).putLong(content.length).put(content).array());
  }

  private static ByteBuffer sound() {
    return ByteBuffer.wrap(of(new TxRange(0, 10)));
  }

  private static int schemaSizeAt(ByteBuffer segment) {
    return HEADER_AT + segment.getInt(HEADER_SIZE_AT) + HASH_SIZE;
  }

  private static int contentSizeAt(ByteBuffer segment) {
    int schemaSizeAt = schemaSizeAt(segment);
    return schemaSizeAt + Integer.BYTES + segment.getInt(schemaSizeAt);
  }

  /** Where there is a header, its hash agrees; that of the whole does in any case. */
  private static byte[] hashed(byte[] bytes) {
    int header = ByteBuffer.wrap(bytes).getInt(HEADER_SIZE_AT);
    if (header > 0 && header < bytes.length - HEADER_AT - 2 * HASH_SIZE) {
      sign(bytes, HEADER_AT + header);
    }
    sign(bytes, bytes.length - HASH_SIZE);
    return bytes;
  }

  private static void sign(byte[] bytes, int end) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(Arrays.copyOf(bytes, end));
      System.arraycopy(hash, 0, bytes, end, HASH_SIZE);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static byte[] repeated(int b, int size) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) b);
    return bytes;
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }
}
