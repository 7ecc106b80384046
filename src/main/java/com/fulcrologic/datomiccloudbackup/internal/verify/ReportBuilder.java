package com.fulcrologic.datomiccloudbackup.internal.verify;

import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.tools.Sha256;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport.Baseline;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sums up the compared transactions for the report. Mutable; one thread. */
final class ReportBuilder {
  private static final int TRANSACTIONS_PER_NOTICE = 500;

  /** The version of Datomic Local is only in the name of its jar. */
  private static final Pattern LOCAL_JAR = Pattern.compile("/local-([0-9][^/]*)\\.jar!");

  private final ReadableLog source;
  private final ReadableLog target;
  private final Progress.Listener listener;
  private final Instant begun = Instant.now();
  private final MessageDigest digest = Sha256.digest();
  private long transactionCount;
  private long datomCount;
  private long withoutValueCount;
  private long mergedCount;
  private @Nullable Baseline baseline;
  private long firstT = -1;
  private long lastT = -1;

  ReportBuilder(ReadableLog source, ReadableLog target, Progress.Listener listener) {
    this.source = source;
    this.target = target;
    this.listener = listener;
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

  VerificationReport report(Findings findings, TargetClaim claim, long entityCount) {
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
        findings.counts(),
        findings.first(),
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
                listener.progressed(
                    new Progress(range, transactionCount, datomCount, doneT(), range.span())));
  }

  private long doneT() {
    return lastT < 0 && baseline != null ? baseline.t() + 1 : lastT + 1;
  }

  private static Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    versions.put("java", Runtime.version().toString());
    @Nullable String library = ReportBuilder.class.getPackage().getImplementationVersion();
    if (library != null) {
      versions.put("datomic-cloud-backup", library);
    }
    URL local = ReportBuilder.class.getClassLoader().getResource("datomic/local__init.class");
    Matcher jar = LOCAL_JAR.matcher(local == null ? "" : local.toString());
    if (jar.find()) {
      versions.put("datomic-local", jar.group(1));
    }
    return versions;
  }
}
