package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Encodes and decodes the manifest of a baseline; see docs/format.adoc. Each has exactly one
 * encoding.
 */
final class BaselineCodec {
  /** The maximum bytes of a manifest. */
  static final int SIZE_MAX = 1 << 16;

  private static final String NONE = "none";
  private static final NamedLines LINES =
      new NamedLines(
          "datomic-cloud-backup baseline ",
          1,
          List.of(
              "database-id ",
              "first-transaction-hash ",
              "t ",
              "instant ",
              "transaction-hash ",
              "datom-count ",
              "part-count ",
              "parts-sha-256 "));

  private BaselineCodec() {}

  static byte[] encode(StoredBaseline baseline) {
    @Nullable String firstHash = baseline.source().firstTransactionHash();
    return LINES.encode(
        List.of(
            URLEncoder.encode(baseline.source().databaseId(), StandardCharsets.UTF_8),
            firstHash == null ? NONE : firstHash,
            Long.toString(baseline.t()),
            baseline.instant().toString(),
            baseline.transactionHash(),
            Long.toString(baseline.datomCount()),
            Integer.toString(baseline.partCount()),
            baseline.partsHash()));
  }

  /** The manifest that {@link #encode} turns into these bytes; empty when there is none. */
  static Optional<StoredBaseline> decode(byte[] bytes) {
    try {
      return LINES
          .decode(bytes)
          .map(BaselineCodec::baseline)
          .filter(decoded -> Arrays.equals(encode(decoded), bytes));
    } catch (IllegalArgumentException | DateTimeException malformed) {
      return Optional.empty();
    }
  }

  private static StoredBaseline baseline(List<String> values) {
    return new StoredBaseline(
        new SourceIdentity(
            URLDecoder.decode(values.get(0), StandardCharsets.UTF_8),
            values.get(1).equals(NONE) ? null : values.get(1)),
        Long.parseLong(values.get(2)),
        Instant.parse(values.get(3)),
        values.get(4),
        Long.parseLong(values.get(5)),
        Integer.parseInt(values.get(6)),
        values.get(7));
  }

  /** The version stated in these bytes, when it is not the version of this library. */
  static Optional<String> otherVersion(byte[] bytes) {
    return LINES.otherVersion(bytes);
  }
}
