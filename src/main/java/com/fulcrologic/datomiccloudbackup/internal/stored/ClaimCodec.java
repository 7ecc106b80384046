package com.fulcrologic.datomiccloudbackup.internal.stored;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.internal.log.Redaction;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.tools.Sha256;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
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
  /** The maximum bytes of a claim: all the ids that rules may name. */
  static final int SIZE_MAX = 4 << 20;

  private static final String MAGIC = "datomic-cloud-backup claim ";
  private static final int FORMAT_VERSION = 1;
  private static final int FORMAT_VERSION_MAX = 3;

  private static final String REASON = "reason ";
  private static final String DATABASE_ID = "database-id ";
  private static final String FIRST_HASH = "first-transaction-hash ";
  private static final String EXCISION_TS = "excision-ts ";
  private static final String COPIED_FROM = "copied-from ";
  private static final String LEAVE_OUT = "leave-out ";
  private static final String ERASE = "erase ";
  private static final String SHA_256 = "sha-256 ";
  private static final String NONE = "none";

  private ClaimCodec() {}

  static byte[] encode(SourceClaim claim) {
    @Nullable String hash = claim.source().firstTransactionHash();
    List<String> lines = new ArrayList<>();
    lines.add(MAGIC + version(claim));
    lines.add(REASON + claim.reason().name().toLowerCase(Locale.ROOT));
    lines.add(DATABASE_ID + encoded(claim.source().databaseId()));
    lines.add(FIRST_HASH + (hash == null ? NONE : hash));
    if (!claim.excisionTs().isEmpty()) {
      lines.add(EXCISION_TS + joined(claim.excisionTs()));
    }
    claim.copiedFrom().ifPresent(name -> lines.add(COPIED_FROM + encoded(name)));
    for (Redaction.Rule rule : claim.redaction().rules()) {
      lines.add(
          rule instanceof Redaction.LeftOut leftOut
              ? LEAVE_OUT + encoded(leftOut.ident().toString()) + " " + joined(leftOut.ids())
              : ERASE + joined(((Redaction.Erased) rule).ids()));
    }
    String content = String.join("\n", lines) + "\n";
    return (content + SHA_256 + sha256(content) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** The lowest version whose readers know all of the claim. */
  private static int version(SourceClaim claim) {
    if (claim.copiedFrom().isPresent() || !claim.redaction().isEmpty()) {
      return FORMAT_VERSION_MAX;
    }
    return claim.reason() == SourceClaim.Reason.EXCISED ? 2 : FORMAT_VERSION;
  }

  /** The claim that {@link #encode} turns into these bytes; empty when there is none. */
  static Optional<SourceClaim> decode(byte[] bytes) {
    List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
    if (bytes.length > SIZE_MAX || lines.size() < 5) {
      return Optional.empty();
    }
    try {
      String hash = field(lines.get(3), FIRST_HASH);
      SortedSet<Long> excisionTs = new TreeSet<>();
      Optional<String> copiedFrom = Optional.empty();
      List<Redaction.Rule> rules = new ArrayList<>();
      for (String line : lines.subList(4, lines.size() - 1)) {
        if (line.startsWith(EXCISION_TS)) {
          excisionTs = numbers(field(line, EXCISION_TS));
        } else if (line.startsWith(COPIED_FROM)) {
          copiedFrom = Optional.of(decoded(field(line, COPIED_FROM)));
        } else {
          rules.add(rule(line));
        }
      }
      SourceClaim claim =
          new SourceClaim(
              SourceClaim.Reason.valueOf(field(lines.get(1), REASON).toUpperCase(Locale.ROOT)),
              new SourceIdentity(
                  decoded(field(lines.get(2), DATABASE_ID)), hash.equals(NONE) ? null : hash),
              excisionTs,
              copiedFrom,
              new Redaction(rules));
      return Optional.of(claim).filter(decoded -> Arrays.equals(encode(decoded), bytes));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private static Redaction.Rule rule(String line) {
    if (line.startsWith(ERASE)) {
      return new Redaction.Erased(numbers(field(line, ERASE)));
    }
    String[] parts = field(line, LEAVE_OUT).split(" ", 2);
    String ident = decoded(parts[0]);
    if (parts.length < 2 || ident.length() < 2) {
      throw new IllegalArgumentException("not " + LEAVE_OUT);
    }
    return new Redaction.LeftOut(Keyword.intern(ident.substring(1)), numbers(parts[1]));
  }

  /** The version stated in these bytes, when it is not one of this library's. */
  static Optional<String> otherVersion(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8)
        .lines()
        .findFirst()
        .filter(line -> line.matches(MAGIC + "[0-9]{1,9}"))
        .map(line -> line.substring(MAGIC.length()))
        .filter(
            version ->
                Integer.parseInt(version) < FORMAT_VERSION
                    || Integer.parseInt(version) > FORMAT_VERSION_MAX);
  }

  private static String field(String line, String name) {
    if (!line.startsWith(name)) {
      throw new IllegalArgumentException("not " + name);
    }
    return line.substring(name.length());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String joined(Collection<Long> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static SortedSet<Long> numbers(String text) {
    SortedSet<Long> numbers = new TreeSet<>();
    for (String number : text.split(",", -1)) {
      numbers.add(Long.valueOf(number));
    }
    return numbers;
  }

  private static String sha256(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Sha256.of(bytes, 0, bytes.length));
  }
}
