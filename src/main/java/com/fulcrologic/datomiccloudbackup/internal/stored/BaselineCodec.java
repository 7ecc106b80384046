package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.tools.Sha256;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
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

  private static final String MAGIC = "datomic-cloud-backup baseline ";
  private static final int FORMAT_VERSION = 1;
  private static final String NONE = "none";
  private static final List<String> NAMES =
      List.of(
          "database-id ",
          "first-transaction-hash ",
          "t ",
          "instant ",
          "transaction-hash ",
          "datom-count ",
          "part-count ",
          "parts-sha-256 ");
  private static final String SHA_256 = "sha-256 ";

  private BaselineCodec() {}

  static byte[] encode(StoredBaseline baseline) {
    @Nullable String firstHash = baseline.source().firstTransactionHash();
    List<String> values =
        List.of(
            URLEncoder.encode(baseline.source().databaseId(), StandardCharsets.UTF_8),
            firstHash == null ? NONE : firstHash,
            Long.toString(baseline.t()),
            baseline.instant().toString(),
            baseline.transactionHash(),
            Long.toString(baseline.datomCount()),
            Integer.toString(baseline.partCount()),
            baseline.partsHash());
    StringBuilder text = new StringBuilder(MAGIC + FORMAT_VERSION + "\n");
    for (int i = 0; i < NAMES.size(); i++) {
      text.append(NAMES.get(i)).append(values.get(i)).append('\n');
    }
    byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
    String hash = HexFormat.of().formatHex(Sha256.of(content, 0, content.length));
    return (text + SHA_256 + hash + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** The manifest that {@link #encode} turns into these bytes; empty when there is none. */
  static Optional<StoredBaseline> decode(byte[] bytes) {
    List<String> lines = lines(bytes);
    if (lines.size() != NAMES.size() + 2) {
      return Optional.empty();
    }
    List<String> values = new ArrayList<>();
    for (int i = 0; i < NAMES.size(); i++) {
      if (!lines.get(i + 1).startsWith(NAMES.get(i))) {
        return Optional.empty();
      }
      values.add(lines.get(i + 1).substring(NAMES.get(i).length()));
    }
    try {
      StoredBaseline baseline =
          new StoredBaseline(
              new SourceIdentity(
                  URLDecoder.decode(values.get(0), StandardCharsets.UTF_8),
                  values.get(1).equals(NONE) ? null : values.get(1)),
              Long.parseLong(values.get(2)),
              Instant.parse(values.get(3)),
              values.get(4),
              Long.parseLong(values.get(5)),
              Integer.parseInt(values.get(6)),
              values.get(7));
      return Optional.of(baseline).filter(decoded -> Arrays.equals(encode(decoded), bytes));
    } catch (IllegalArgumentException | DateTimeException malformed) {
      return Optional.empty();
    }
  }

  /** The version stated in these bytes, when it is not the version of this library. */
  static Optional<String> otherVersion(byte[] bytes) {
    return lines(bytes).stream()
        .findFirst()
        .filter(line -> line.matches(MAGIC + "[0-9]{1,9}"))
        .map(line -> line.substring(MAGIC.length()))
        .filter(version -> Integer.parseInt(version) != FORMAT_VERSION);
  }

  private static List<String> lines(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8).lines().limit(NAMES.size() + 3).toList();
  }
}
