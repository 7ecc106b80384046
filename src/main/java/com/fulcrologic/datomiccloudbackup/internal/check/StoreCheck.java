package com.fulcrologic.datomiccloudbackup.internal.check;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.check.CheckFinding;
import com.fulcrologic.datomiccloudbackup.check.CheckFinding.Kind;
import com.fulcrologic.datomiccloudbackup.check.CheckLevel;
import com.fulcrologic.datomiccloudbackup.check.CheckOptions;
import com.fulcrologic.datomiccloudbackup.check.CheckReport;
import com.fulcrologic.datomiccloudbackup.check.CheckReport.KeyLevel;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.stored.Cover;
import com.fulcrologic.datomiccloudbackup.internal.stored.ForeignKeys;
import com.fulcrologic.datomiccloudbackup.internal.stored.Ownership;
import com.fulcrologic.datomiccloudbackup.internal.stored.ProgressMeter;
import com.fulcrologic.datomiccloudbackup.internal.stored.ReceiptChain;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import com.fulcrologic.datomiccloudbackup.internal.tools.DaemonThreads;
import com.fulcrologic.datomiccloudbackup.internal.tools.OrderedWork;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Checks that a stored backup is sound. Reads the listing; if requested, also reads the segments, a
 * few at a time, and compares them in ascending order. Collects findings, and writes nothing.
 * Memory holds the listing, a few segments, and 16 bytes for each transaction of the largest
 * segment. For one run, in one thread.
 */
public final class StoreCheck {
  static final DaemonThreads THREADS = new DaemonThreads("check");

  private final StoredBackup backup;
  private final CheckOptions options;
  private final Optional<ReceiptChain> receipts;
  private final CheckFindings findings = new CheckFindings();

  public StoreCheck(StoredBackup backup, CheckOptions options, Optional<ReceiptChain> receipts) {
    this.backup = backup;
    this.options = options;
    this.receipts = receipts;
  }

  public CheckReport run() {
    Instant begun = Instant.now();
    Optional<ReceiptCheck> receiptCheck =
        receipts.map(chain -> new ReceiptCheck(backup, chain, findings));
    receiptCheck.ifPresent(check -> check.check(options.parallelism()));
    Cover cover = backup.cover();
    TxRange range = options.range().orElse(new TxRange(0, Long.MAX_VALUE));
    List<StoredSegment> segments =
        cover.segments().stream().filter(segment -> overlaps(segment.range(), range)).toList();
    findGaps(cover, range);
    ProgressMeter meter =
        new ProgressMeter(segments.stream().map(StoredSegment::range).toList(), options.listener());
    Optional<SourceIdentity> owner = Optional.empty();
    if (options.level() != CheckLevel.NAMES) {
      Optional<Ownership> ownership = ownership();
      owner = ownership.flatMap(Ownership::origin);
      ChainCheck chain =
          new ChainCheck(owner, ownership.map(known -> known.redaction().ruleIds()), findings);
      read(segments, chain, meter);
    }
    long baselineCount = checkBaselines(range, owner);
    ForeignKeys foreign = backup.foreignKeys();
    return new CheckReport(
        backup.location(),
        options.level(),
        segments.size(),
        segments.stream().mapToLong(StoredSegment::size).sum(),
        meter.transactionsDone(),
        baselineCount,
        receiptCheck.map(ReceiptCheck::count).orElse(0L),
        receiptCheck.flatMap(ReceiptCheck::last),
        findings.counts(),
        findings.told(),
        foreign.count(),
        foreign.first(),
        keyLevels(cover),
        Duration.between(begun, Instant.now()));
  }

  private static boolean overlaps(TxRange one, TxRange other) {
    return one.startT() < other.endT() && other.startT() < one.endT();
  }

  private void findGaps(Cover cover, TxRange range) {
    List<TxRange> gaps = cover.gaps(range.startT());
    if (range.endT() != Long.MAX_VALUE) {
      gaps = cover.missing(range); // the caller requested it to its end
    } else if (cover.endT() < range.startT()) {
      gaps = List.of(new TxRange(/* startT= */ cover.endT(), /* endT= */ range.startT()));
    }
    gaps.forEach(gap -> findings.add(Kind.GAP, gap, "missing " + gap));
  }

  private void read(List<StoredSegment> segments, ChainCheck chain, ProgressMeter meter) {
    try (OrderedWork<StoredSegment, Checked> work =
        new OrderedWork<>(options.parallelism(), THREADS, segments.iterator(), this::check)) {
      for (StoredSegment segment : segments) {
        try {
          Checked checked = work.next();
          chain.add(checked);
          meter.advance(
              segment.range(),
              checked.info().map(SegmentInfo::transactionCount).orElse(0),
              checked.info().map(SegmentInfo::datomCount).orElse(0L));
        } catch (StoreException failed) {
          throw incomplete(segment.range().startT(), failed);
        }
      }
    } catch (InterruptedException stop) {
      throw interrupted(stop);
    }
  }

  /** A segment checked by itself: its header, and its transactions if decoded; or its fault. */
  record Checked(
      Optional<SegmentInfo> info,
      Optional<HashedRun> transactions,
      Optional<CheckFinding> finding) {}

  private Checked check(StoredSegment stored) {
    TxRange key = stored.range();
    try {
      Segment segment = backup.segment(key);
      if (!segment.info().range().equals(key)) {
        throw new CorruptSegmentException(
            backup.key(key) + " contains the segment " + segment.info().range(), "");
      }
      boolean isDecoded = options.level() == CheckLevel.DECODE;
      return new Checked(
          Optional.of(segment.info()),
          isDecoded ? Optional.of(HashedRun.of(segment)) : Optional.empty(),
          Optional.empty());
    } catch (CorruptSegmentException | UnsupportedFormatException fault) {
      return new Checked(
          Optional.empty(),
          Optional.empty(),
          Optional.of(CheckFindings.of(fault, Optional.of(key))));
    }
  }

  static IncompleteBackupException interrupted(InterruptedException stop) {
    Thread.currentThread().interrupt();
    return new IncompleteBackupException(
        "Failed to finish the check: interrupted", "run it again", stop);
  }

  /** Returns how many there are. */
  private long checkBaselines(TxRange range, Optional<SourceIdentity> owner) {
    BaselineCheck check =
        new BaselineCheck(backup, owner, options.level(), options.spillDirectory(), findings);
    List<Long> ts = backup.baselines().ts().stream().filter(range::contains).toList();
    for (long t : ts) {
      try {
        check.check(t);
      } catch (StoreException failed) {
        throw incomplete(t, failed);
      }
    }
    return ts.size();
  }

  private IncompleteBackupException incomplete(long nextT, BackupException cause) {
    return new IncompleteBackupException(
        "Failed to check all of %s: it was read up to t %s, with %s findings"
            .formatted(backup.location(), nextT, findings.count()),
        "continue from t " + nextT + "; the cause: " + cause.getMessage(),
        cause);
  }

  private Optional<Ownership> ownership() {
    try {
      return Optional.of(backup.ownership());
    } catch (CorruptSegmentException | UnsupportedFormatException fault) {
      findings.add(fault);
      return Optional.empty();
    }
  }

  private List<KeyLevel> keyLevels(Cover cover) {
    Set<StoredSegment> covered = new HashSet<>(cover.covered());
    return cover.segments().stream()
        .collect(
            Collectors.groupingBy(
                segment -> backup.levelPrefix(segment.range()), TreeMap::new, Collectors.toList()))
        .entrySet()
        .stream()
        .map(
            level ->
                new KeyLevel(
                    level.getKey(),
                    level.getValue().size(),
                    level.getValue().stream().filter(covered::contains).count(),
                    level.getValue().stream().mapToLong(StoredSegment::size).sum(),
                    level.getValue().stream()
                        .filter(segment -> !covered.contains(segment))
                        .map(StoredSegment::range)
                        .findFirst()))
        .toList();
  }
}
