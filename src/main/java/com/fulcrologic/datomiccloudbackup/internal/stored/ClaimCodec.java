package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.tools.Sha256;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Encodes and decodes a claim; see docs/format.adoc. Each claim has exactly one encoding. */
final class ClaimCodec {
  /** The maximum bytes of a claim: an id is a name or a UUID. */
  static final int SIZE_MAX = 1 << 16;

  private static final String MAGIC = "datomic-cloud-backup claim ";
  private static final int FORMAT_VERSION = 1;

  /** Of a claim that readers of version 1 do not know. */
  private static final int FORMAT_VERSION_MAX = 2;

  private static final int LINE_COUNT = 5;
  private static final int LINE_COUNT_MAX = 6;
  private static final String REASON = "reason ";
  private static final String DATABASE_ID = "database-id ";
  private static final String FIRST_HASH = "first-transaction-hash ";
  private static final String EXCISION_TS = "excision-ts ";
  private static final String SHA_256 = "sha-256 ";
  private static final String NONE = "none";

  private ClaimCodec() {}

  static byte[] encode(SourceClaim claim) {
    @Nullable String hash = claim.source().firstTransactionHash();
    String content =
        String.join(
            "\n",
            MAGIC
                + (claim.reason() == SourceClaim.Reason.EXCISED
                    ? FORMAT_VERSION_MAX
                    : FORMAT_VERSION),
            REASON + claim.reason().name().toLowerCase(Locale.ROOT),
            DATABASE_ID + URLEncoder.encode(claim.source().databaseId(), StandardCharsets.UTF_8),
            FIRST_HASH + (hash == null ? NONE : hash),
            excisionTs(claim) + SHA_256);
    return (content + sha256(content.substring(0, content.length() - SHA_256.length())) + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String excisionTs(SourceClaim claim) {
    return claim.excisionTs().isEmpty()
        ? ""
        : claim.excisionTs().stream()
            .map(String::valueOf)
            .collect(Collectors.joining(",", EXCISION_TS, "\n"));
  }

  private static SortedSet<Long> excisionTs(List<String> lines) {
    SortedSet<Long> ts = new TreeSet<>();
    if (lines.size() > LINE_COUNT) {
      for (String t : field(lines.get(LINE_COUNT - 1), EXCISION_TS).split(",", -1)) {
        ts.add(Long.valueOf(t));
      }
    }
    return ts;
  }

  /** The claim that {@link #encode} turns into these bytes; empty when there is none. */
  static Optional<SourceClaim> decode(byte[] bytes) {
    List<String> lines = lines(bytes);
    if (lines.size() != LINE_COUNT && lines.size() != LINE_COUNT_MAX) {
      return Optional.empty();
    }
    try {
      String hash = field(lines.get(3), FIRST_HASH);
      SourceClaim claim =
          new SourceClaim(
              SourceClaim.Reason.valueOf(field(lines.get(1), REASON).toUpperCase(Locale.ROOT)),
              new SourceIdentity(
                  URLDecoder.decode(field(lines.get(2), DATABASE_ID), StandardCharsets.UTF_8),
                  hash.equals(NONE) ? null : hash),
              excisionTs(lines));
      return Optional.of(claim).filter(decoded -> Arrays.equals(encode(decoded), bytes));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  /** The version stated in these bytes, when it is not the version of this library. */
  static Optional<String> otherVersion(byte[] bytes) {
    return lines(bytes).stream()
        .findFirst()
        .filter(line -> line.matches(MAGIC + "[0-9]{1,9}"))
        .map(line -> line.substring(MAGIC.length()))
        .filter(
            version ->
                Integer.parseInt(version) < FORMAT_VERSION
                    || Integer.parseInt(version) > FORMAT_VERSION_MAX);
  }

  private static List<String> lines(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8).lines().limit(LINE_COUNT_MAX + 1).toList();
  }

  private static String field(String line, String name) {
    if (!line.startsWith(name)) {
      throw new IllegalArgumentException("not " + name);
    }
    return line.substring(name.length());
  }

  private static String sha256(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Sha256.of(bytes, 0, bytes.length));
  }
}
