package com.fulcrologic.datomiccloudbackup.internal.stored;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.internal.log.Redaction;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

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

  private ClaimCodec() {}

  static byte[] encode(SourceClaim claim) {
    List<String> lines = new ArrayList<>();
    lines.add(MAGIC + version(claim));
    lines.add(REASON + claim.reason().name().toLowerCase(Locale.ROOT));
    lines.add(DATABASE_ID + NamedLines.escaped(claim.source().databaseId()));
    lines.add(FIRST_HASH + NamedLines.orNone(claim.source().firstTransactionHash()));
    if (!claim.excisionTs().isEmpty()) {
      lines.add(EXCISION_TS + Redaction.joined(claim.excisionTs()));
    }
    claim.copiedFrom().ifPresent(name -> lines.add(COPIED_FROM + NamedLines.escaped(name)));
    for (Redaction.Rule rule : claim.redaction().rules()) {
      lines.add(
          rule instanceof Redaction.LeftOut leftOut
              ? LEAVE_OUT
                  + NamedLines.escaped(leftOut.ident().toString())
                  + " "
                  + Redaction.joined(leftOut.ids())
              : ERASE + Redaction.joined(((Redaction.Erased) rule).ids()));
    }
    return NamedLines.sealed(lines);
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
    List<String> lines = NamedLines.lines(bytes).toList();
    if (bytes.length > SIZE_MAX || lines.size() < 5) {
      return Optional.empty();
    }
    try {
      SortedSet<Long> excisionTs = new TreeSet<>();
      Optional<String> copiedFrom = Optional.empty();
      List<Redaction.Rule> rules = new ArrayList<>();
      for (String line : lines.subList(4, lines.size() - 1)) {
        if (line.startsWith(EXCISION_TS)) {
          excisionTs = numbers(NamedLines.value(line, EXCISION_TS));
        } else if (line.startsWith(COPIED_FROM)) {
          copiedFrom = Optional.of(NamedLines.unescaped(NamedLines.value(line, COPIED_FROM)));
        } else {
          rules.add(rule(line));
        }
      }
      SourceClaim claim =
          new SourceClaim(
              SourceClaim.Reason.valueOf(
                  NamedLines.value(lines.get(1), REASON).toUpperCase(Locale.ROOT)),
              new SourceIdentity(
                  NamedLines.unescaped(NamedLines.value(lines.get(2), DATABASE_ID)),
                  NamedLines.unlessNone(NamedLines.value(lines.get(3), FIRST_HASH))),
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
      return new Redaction.Erased(numbers(NamedLines.value(line, ERASE)));
    }
    String[] parts = NamedLines.value(line, LEAVE_OUT).split(" ", 2);
    String ident = NamedLines.unescaped(parts[0]);
    if (parts.length < 2 || ident.length() < 2) {
      throw new IllegalArgumentException("not " + LEAVE_OUT);
    }
    return new Redaction.LeftOut(Keyword.intern(ident.substring(1)), numbers(parts[1]));
  }

  /** The version stated in these bytes, when it is not one of this library's. */
  static Optional<String> otherVersion(byte[] bytes) {
    return NamedLines.otherVersion(bytes, MAGIC, FORMAT_VERSION, FORMAT_VERSION_MAX);
  }

  private static SortedSet<Long> numbers(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(Long::valueOf)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
