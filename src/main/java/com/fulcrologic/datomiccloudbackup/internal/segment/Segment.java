package com.fulcrologic.datomiccloudbackup.internal.segment;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.TypedValues;
import com.fulcrologic.datomiccloudbackup.internal.tools.Sha256;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A contiguous run of a log's transactions, read from its bytes. Describes itself: nothing else is
 * needed to read it. Immutable and thread-safe, as long as the bytes are not changed.
 */
public final class Segment {
  /** How many first bytes of a segment usually hold all of its header. */
  public static final int HEADER_SIZE_HINT = 4096;

  private final String where;
  private final byte[] bytes;
  private final Layout.Parts parts;

  private Segment(String where, byte[] bytes, Layout.Parts parts) {
    this.where = where;
    this.bytes = bytes;
    this.parts = parts;
  }

  /**
   * Reads a segment, after checking every byte of it against its SHA-256. Decodes no transaction
   * yet.
   *
   * @param bytes all of its bytes; not copied
   * @param where what messages call it, as in {@code orders t 6 to 999}
   */
  public static Segment read(byte[] bytes, String where) {
    return new Segment(where, bytes, Layout.read(bytes, where));
  }

  /**
   * Reads the header alone, after checking it against its own SHA-256.
   *
   * @param prefix the segment's first bytes, {@link #HEADER_SIZE_HINT} or so; more is fine
   */
  public static SegmentInfo readInfo(byte[] prefix, String where) {
    return Layout.readInfo(prefix, where);
  }

  /**
   * How many first bytes {@link #readInfo} needs; perhaps more than there are here.
   *
   * @param prefix the segment's first bytes, at least 16
   * @return empty when they begin no segment; {@code readInfo} then states why
   */
  public static OptionalInt headerSizeNeeded(byte[] prefix) {
    return Layout.headerEnd(prefix);
  }

  public SegmentInfo info() {
    return parts.info();
  }

  /** The same segment, to be stored elsewhere as it is. */
  public WrittenSegment written() {
    return new WrittenSegment(parts.info(), bytes);
  }

  /** The SHA-256 of all its bytes but the last 32, which are this. */
  public byte[] sha256() {
    return Arrays.copyOfRange(bytes, bytes.length - Sha256.SIZE, bytes.length);
  }

  /** The source's schema right before the first transaction; a copy that the caller may move on. */
  public Schema schemaAtStart() {
    return parts.schema().copy();
  }

  /**
   * Its transactions, in ascending order of t, decoded as they are consumed. Frees its memory when
   * consumed to the end; to be closed otherwise. Each call reads anew.
   *
   * @throws CorruptSegmentException while it is consumed, when the content is not as the header
   *     states; at the latest in place of the last transaction
   */
  public Stream<Transaction> transactions() {
    ContentReader reader =
        new ContentReader(parts.info(), where, bytes, parts.contentOffset(), parts.contentSize());
    return StreamSupport.stream(
            Spliterators.spliterator(
                reader,
                parts.info().transactionCount(),
                Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE),
            false)
        .onClose(reader::close);
  }

  /**
   * The same, each value in its type's own class: for comparing with a live log. It differs from
   * {@link #transactions} only if an earlier version stored values as a network client returned
   * them.
   */
  public Stream<Transaction> typedTransactions() {
    Schema schema = schemaAtStart();
    return transactions()
        .map(
            transaction -> {
              schema.apply(transaction);
              return TypedValues.typed(transaction, schema);
            });
  }
}
