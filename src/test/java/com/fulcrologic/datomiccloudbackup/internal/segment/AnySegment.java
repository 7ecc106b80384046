package com.fulcrologic.datomiccloudbackup.internal.segment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Segments of any bytes, with hashes that agree, so that the code behind the hashes is reached. */
final class AnySegment {
  private static final int SHA_256_SIZE = 32;

  private AnySegment() {}

  static byte[] written(List<Transaction> transactions) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (Transaction transaction : transactions) {
      TransactionEncoder encoder = new TransactionEncoder();
      encoder.encode(transaction);
      content.write(encoder.bytes(), 0, encoder.size());
    }
    return content.toByteArray();
  }

  static Forgery forgery() {
    return new Forgery(
        Logs.naming(5, "Ada"),
        Logs.transaction(
            6,
            Logs.datom(6, Logs.ALICE, Logs.FRIEND, Logs.ALICE + 5),
            Logs.datom(6, Logs.ALICE, Logs.PAIR, Logs.tuple(7L, Logs.ALICE))));
  }

  static byte[] withHashes(byte[] bytes) {
    byte[] forged = bytes.clone();
    if (forged.length >= Layout.PREAMBLE_SIZE + 2 * SHA_256_SIZE) {
      long headerEnd = Layout.PREAMBLE_SIZE + (long) ByteBuffer.wrap(forged).getInt(12);
      if (headerEnd >= Layout.PREAMBLE_SIZE && headerEnd <= forged.length - 2 * SHA_256_SIZE) {
        hash(forged, (int) headerEnd);
      }
      hash(forged, forged.length - SHA_256_SIZE);
    }
    return forged;
  }

  private static void hash(byte[] bytes, int end) {
    System.arraycopy(Forgery.sha256(Arrays.copyOf(bytes, end)), 0, bytes, end, SHA_256_SIZE);
  }

  /** The transactions; none when the bytes are refused. */
  static List<Transaction> read(byte[] bytes) {
    try {
      Segment segment = Segment.read(bytes, "any bytes");
      assertThat(Segment.readInfo(bytes, "any bytes")).isEqualTo(segment.info());
      try (Stream<Transaction> read = segment.transactions();
          Stream<Transaction> typed = segment.typedTransactions()) {
        List<Transaction> transactions = read.toList();
        assertThat(typed).hasSameSizeAs(transactions);
        return transactions;
      }
    } catch (CorruptSegmentException | UnsupportedFormatException refused) {
      assertThat(refused.hint()).isNotEmpty();
      return List.of();
    }
  }
}
