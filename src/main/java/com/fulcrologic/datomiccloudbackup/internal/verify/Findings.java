package com.fulcrologic.datomiccloudbackup.internal.verify;

import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.tools.Sha256;
import com.fulcrologic.datomiccloudbackup.verify.Difference;
import com.fulcrologic.datomiccloudbackup.verify.Difference.Kind;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport.Baseline;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sums up, for the report, what was compared and what differs. All differences are counted, and the
 * first of each kind are kept. Mutable; one thread.
 */
final class Findings {
  private static final int VALUE_LENGTH_MAX = 200;
  private static final int TRANSACTIONS_PER_NOTICE = 500;

  /** The version of Datomic Local is only in the name of its jar. */
  private static final Pattern LOCAL_JAR = Pattern.compile("/local-([0-9][^/]*)\\.jar!");

  private final ReadableLog source;
  private final ReadableLog target;
  private final VerifyOptions options;
  private final Instant begun = Instant.now();
  private final MessageDigest digest = Sha256.digest();
  private long transactionCount;
  private long datomCount;
  private long withoutValueCount;
  private long mergedCount;
  private @Nullable Baseline baseline;
  private long firstT = -1;
  private long lastT = -1;
  private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
  private final List<Difference> first = new ArrayList<>();

  Findings(ReadableLog source, ReadableLog target, VerifyOptions options) {
    this.source = source;
    this.target = target;
    this.options = options;
  }

  /** A position in the two logs; a t that does not apply is empty. */
  record Place(OptionalLong sourceT, OptionalLong targetT) {
    static Place source(long t) {
      return new Place(OptionalLong.of(t), OptionalLong.empty());
    }

    static Place target(long t) {
      return new Place(OptionalLong.empty(), OptionalLong.of(t));
    }

    static Place both(long sourceT, long targetT) {
      return new Place(OptionalLong.of(sourceT), OptionalLong.of(targetT));
    }
  }

  void add(Kind kind, Place place) {
    add(kind, place, IdPairs.NONE, IdPairs.NONE, null);
  }

  /** Adds a difference of an entity; {@link IdPairs#NONE} for a side without it. */
  void add(
      Kind kind, Place place, long sourceEntity, long targetEntity, @Nullable Object attribute) {
    add(kind, place, sourceEntity, targetEntity, attribute, null, null);
  }

  void add(
      Kind kind,
      Place place,
      long sourceEntity,
      long targetEntity,
      @Nullable Object attribute,
      @Nullable Object sourceValue,
      @Nullable Object targetValue) {
    if (counts.merge(kind, 1L, Long::sum) <= VerificationReport.DIFFERENCES_TOLD_MAX) {
      first.add(
          new Difference(
              kind,
              place.sourceT(),
              place.targetT(),
              id(sourceEntity),
              id(targetEntity),
              Optional.ofNullable(attribute).map(Object::toString),
              text(sourceValue),
              text(targetValue)));
    }
  }

  boolean hasDifferences() {
    return !counts.isEmpty();
  }

  void add(Transaction transaction, String hash) {
    digest.update(hash.getBytes(StandardCharsets.US_ASCII));
    firstT = firstT < 0 ? transaction.t() : firstT;
    lastT = transaction.t();
    transactionCount++;
    datomCount += transaction.datoms().size();
    if (transactionCount % TRANSACTIONS_PER_NOTICE == 0) {
      tell();
    }
  }

  void add(Baseline state) {
    baseline = state;
  }

  void addWithoutValue(long count, long merged) {
    withoutValueCount += count;
    mergedCount += merged;
  }

  VerificationReport report(TargetClaim claim, long entityCount) {
    tell();
    return new VerificationReport(
        source.description(),
        target.description(),
        Optional.ofNullable(baseline),
        firstT < 0 ? Optional.empty() : Optional.of(new TxRange(firstT, lastT + 1)),
        transactionCount,
        datomCount,
        entityCount,
        withoutValueCount,
        mergedCount,
        claim.excluded(),
        claim.included(),
        claim.rewritten(),
        claim.maskedIdents(),
        source.redaction().described(),
        counts,
        first,
        HexFormat.of().formatHex(digest.digest()),
        begun,
        Duration.between(begun, Instant.now()),
        versions());
  }

  private void tell() {
    source
        .range()
        .ifPresent(
            range ->
                options
                    .listener()
                    .progressed(
                        new Progress(range, transactionCount, datomCount, doneT(), range.span())));
  }

  private long doneT() {
    return lastT < 0 && baseline != null ? baseline.t() + 1 : lastT + 1;
  }

  private static Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    versions.put("java", Runtime.version().toString());
    @Nullable String library = Findings.class.getPackage().getImplementationVersion();
    if (library != null) {
      versions.put("datomic-cloud-backup", library);
    }
    URL local = Findings.class.getClassLoader().getResource("datomic/local__init.class");
    Matcher jar = LOCAL_JAR.matcher(local == null ? "" : local.toString());
    if (jar.find()) {
      versions.put("datomic-local", jar.group(1));
    }
    return versions;
  }

  private static OptionalLong id(long id) {
    return id == IdPairs.NONE ? OptionalLong.empty() : OptionalLong.of(id);
  }

  private Optional<String> text(@Nullable Object value) {
    if (!options.withValues() || value == null) {
      return Optional.empty();
    }
    String text = Edn.write(value);
    return Optional.of(
        text.length() <= VALUE_LENGTH_MAX ? text : text.substring(0, VALUE_LENGTH_MAX) + "...");
  }
}
