package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.Receipt;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Encodes and decodes a receipt; see docs/format.adoc. Each has exactly one encoding. */
final class ReceiptCodec {
  /** The maximum bytes of a receipt: names and ids are short. */
  static final int SIZE_MAX = 1 << 16;

  private static final String NONE = "none";
  private static final NamedLines LINES =
      new NamedLines(
          "datomic-cloud-backup receipt ",
          1,
          List.of(
              "backup ",
              "number ",
              "database-id ",
              "t ",
              "transaction-hash ",
              "written ",
              "sealed ",
              "previous-sha-256 "));

  private ReceiptCodec() {}

  /**
   * A receipt as it is stored.
   *
   * @param backup the backup's name
   * @param receipt what it says
   * @param isSealed whether its store seals objects; if not, it proves nothing to a person who
   *     distrusts those that can write there
   * @param previousHash SHA-256, in hex, of the bytes of the receipt before it
   */
  record Stored(String backup, Receipt receipt, boolean isSealed, Optional<String> previousHash) {}

  static byte[] encode(Stored stored) {
    Receipt receipt = stored.receipt();
    return LINES.encode(
        List.of(
            URLEncoder.encode(stored.backup(), StandardCharsets.UTF_8),
            Long.toString(receipt.number()),
            URLEncoder.encode(receipt.databaseId(), StandardCharsets.UTF_8),
            Long.toString(receipt.t()),
            receipt.transactionHash(),
            receipt.written().toString(),
            Boolean.toString(stored.isSealed()),
            stored.previousHash().orElse(NONE)));
  }

  /** The receipt that {@link #encode} turns into these bytes; empty when there is none. */
  static Optional<Stored> decode(byte[] bytes) {
    try {
      return LINES
          .decode(bytes)
          .map(ReceiptCodec::stored)
          .filter(decoded -> Arrays.equals(encode(decoded), bytes));
    } catch (IllegalArgumentException | DateTimeException malformed) {
      return Optional.empty();
    }
  }

  private static Stored stored(List<String> values) {
    return new Stored(
        URLDecoder.decode(values.get(0), StandardCharsets.UTF_8),
        new Receipt(
            Long.parseLong(values.get(1)),
            URLDecoder.decode(values.get(2), StandardCharsets.UTF_8),
            Long.parseLong(values.get(3)),
            values.get(4),
            Instant.parse(values.get(5))),
        Boolean.parseBoolean(values.get(6)),
        Optional.of(values.get(7)).filter(hash -> !hash.equals(NONE)));
  }

  /** The version stated in these bytes, when it is not the version of this library. */
  static Optional<String> otherVersion(byte[] bytes) {
    return LINES.otherVersion(bytes);
  }
}
