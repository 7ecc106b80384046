package com.fulcrologic.datomiccloudbackup.internal.segment;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.TypedValues;
import com.fulcrologic.datomiccloudbackup.internal.tools.Sha256;
import com.fulcrologic.datomiccloudbackup.internal.tools.Streams;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * A contiguous run of a log's transactions, read from its bytes. Describes itself: nothing else is
 * needed to read it. Immutable and thread-safe, as long as the bytes are not changed.
 */
public final class Segment {
  /** How many first bytes of a segment usually hold all of its header. */
  public static final int HEADER_SIZE_HINT = 4096;

  private static final int BUFFER_SIZE = 1 << 14;

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
    Content content = new Content();
    return Streams.of(content).onClose(content::close);
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

  /**
   * Decodes the transactions of one segment, one at a time, and checks them against the header.
   * Returns the last one only when all of the content agrees. Mutable, one thread.
   */
  private final class Content implements Iterator<Transaction> {
    private final DigestInputStream content;
    private final ValueCutter cutter;
    private final TransactionDecoder decoder = new TransactionDecoder();
    private int transactionCount;
    private long datomCount;
    private long lastT = -1;

    Content() {
      try {
        InputStream stored =
            new ByteArrayInputStream(bytes, parts.contentOffset(), parts.contentSize());
        this.content =
            new DigestInputStream(
                new Capped(new GZIPInputStream(stored, BUFFER_SIZE), info().contentSize()),
                Sha256.digest());
      } catch (IOException | RuntimeException broken) {
        throw DecodingFailures.corrupt(where, "its content is not gzip", broken);
      }
      this.cutter =
          new ValueCutter(
              content, (int) Math.min(info().contentSize(), Limits.TRANSACTION_SIZE_MAX));
    }

    @Override
    public boolean hasNext() {
      return transactionCount < info().transactionCount();
    }

    @Override
    public Transaction next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      try {
        Transaction transaction = decode();
        count(transaction);
        if (!hasNext()) {
          checkEnd();
        }
        return transaction;
      } catch (IOException | RuntimeException broken) {
        close();
        throw corrupt(broken);
      }
    }

    private Transaction decode() throws IOException {
      if (!cutter.next()) {
        throw new MalformedValueException("fewer transactions than its header states");
      }
      return decoder.decode(cutter);
    }

    private void count(Transaction transaction) throws MalformedValueException {
      long t = transaction.t();
      require(
          transactionCount == 0 ? t == info().firstT() : t > lastT,
          "transactions that are not in ascending order from its first t");
      transactionCount++;
      datomCount += transaction.datoms().size();
      lastT = t;
    }

    private void checkEnd() throws IOException {
      require(!cutter.next(), "more transactions than its header states");
      require(lastT == info().lastT(), "another last t than its header states");
      require(datomCount == info().datomCount(), "another count of datoms than its header states");
      byte[] hash = content.getMessageDigest().digest();
      require(
          HexFormat.of().formatHex(hash).equals(info().contentHash()),
          "another content hash than its header states");
      close();
    }

    private CorruptSegmentException corrupt(Exception broken) {
      String what =
          broken instanceof MalformedValueException
              ? "it holds " + broken.getMessage()
              : "a transaction cannot be decoded";
      return DecodingFailures.corrupt(
          where, what + ", after " + transactionCount + " transactions", broken);
    }

    /** Frees the decompressor's memory; never fails. */
    void close() {
      try {
        content.close();
      } catch (IOException onlyMemory) {
        throw new IllegalStateException(onlyMemory);
      }
    }
  }

  private static void require(boolean holds, String otherwise) throws MalformedValueException {
    if (!holds) {
      throw new MalformedValueException(otherwise);
    }
  }

  /** Stops a zip bomb: returns no more bytes than the header states. */
  private static final class Capped extends FilterInputStream {
    private long left;

    Capped(InputStream in, long sizeMax) {
      super(in);
      this.left = sizeMax;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
      int read = super.read(target, offset, (int) Math.min(count, left + 1));
      left -= Math.max(read, 0);
      if (left < 0) {
        throw new MalformedValueException("more content than its header states");
      }
      return read;
    }
  }
}
