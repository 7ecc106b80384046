package com.fulcrologic.datomiccloudbackup.internal.segment;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.internal.tools.Sha256;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.zip.GZIPInputStream;

/**
 * Decodes the transactions of one segment, one at a time, and checks them against the header.
 * Returns the last one only when all of the content agrees. Mutable, one thread.
 */
final class ContentReader implements Iterator<Transaction>, AutoCloseable {
  private static final int BUFFER_SIZE = 1 << 14;

  private final SegmentInfo info;
  private final String where;
  private final DigestInputStream content;
  private final ValueCutter cutter;
  private final TransactionDecoder decoder = new TransactionDecoder();
  private int transactionCount;
  private long datomCount;
  private long lastT = -1;

  /**
   * @param compressed the bytes that hold the compressed content
   */
  ContentReader(SegmentInfo info, String where, byte[] compressed, int offset, int size) {
    this.info = info;
    this.where = where;
    try {
      InputStream stored = new ByteArrayInputStream(compressed, offset, size);
      this.content =
          new DigestInputStream(
              new Capped(new GZIPInputStream(stored, BUFFER_SIZE), info.contentSize()),
              Sha256.digest());
    } catch (IOException | RuntimeException broken) {
      throw DecodingFailures.corrupt(where, "its content is not gzip", broken);
    }
    this.cutter =
        new ValueCutter(content, (int) Math.min(info.contentSize(), Limits.TRANSACTION_SIZE_MAX));
  }

  @Override
  public boolean hasNext() {
    return transactionCount < info.transactionCount();
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
        transactionCount == 0 ? t == info.firstT() : t > lastT,
        "transactions that are not in ascending order from its first t");
    transactionCount++;
    datomCount += transaction.datoms().size();
    lastT = t;
  }

  private void checkEnd() throws IOException {
    require(!cutter.next(), "more transactions than its header states");
    require(lastT == info.lastT(), "another last t than its header states");
    require(datomCount == info.datomCount(), "another count of datoms than its header states");
    byte[] hash = content.getMessageDigest().digest();
    require(
        HexFormat.of().formatHex(hash).equals(info.contentHash()),
        "another content hash than its header states");
    close();
  }

  private static void require(boolean holds, String otherwise) throws MalformedValueException {
    if (!holds) {
      throw new MalformedValueException(otherwise);
    }
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
  @Override
  public void close() {
    try {
      content.close();
    } catch (IOException onlyMemory) {
      throw new IllegalStateException(onlyMemory);
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
