package com.fulcrologic.datomiccloudbackup.internal.upkeep;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.internal.log.Redacting;
import com.fulcrologic.datomiccloudbackup.internal.log.Redaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentWriter;
import com.fulcrologic.datomiccloudbackup.internal.segment.WrittenSegment;
import com.fulcrologic.datomiccloudbackup.internal.stored.Cover;
import com.fulcrologic.datomiccloudbackup.internal.stored.Ownership;
import com.fulcrologic.datomiccloudbackup.internal.stored.ProgressMeter;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import com.fulcrologic.datomiccloudbackup.internal.tools.DaemonThreads;
import com.fulcrologic.datomiccloudbackup.internal.tools.OrderedWork;
import com.fulcrologic.datomiccloudbackup.upkeep.CopyOptions;
import com.fulcrologic.datomiccloudbackup.upkeep.CopySummary;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies a backup under another name, or into another store: as it is, or without the datoms that
 * rules name. Writes the claims first, then the segments that readers use, from the oldest to the
 * newest, each with the same range; a call that was cut short is continued by the next one. The
 * newest segment that the target has already is compared. Memory holds a few segments. For one run,
 * in one thread.
 */
public final class BackupCopy {
  private static final Logger LOG = LoggerFactory.getLogger(BackupCopy.class);
  private static final DaemonThreads THREADS = new DaemonThreads("copy");
  private static final int PARALLELISM = 4;

  /** The bytes of any segment: the copy of one never needs two. */
  private static final long CONTENT_SIZE_MAX = 1 << 30;

  private final StoredBackup source;
  private final StoredBackup target;
  private final CopyOptions options;
  private final List<BackedUpSegment> written = new ArrayList<>();
  private long datomsLeftOut;

  public BackupCopy(StoredBackup source, StoredBackup target, CopyOptions options) {
    this.source = source;
    this.target = target;
    this.options = options;
  }

  /** Copies what the target lacks. */
  public CopySummary run() {
    Instant begun = Instant.now();
    Cover cover = source.cover();
    Ownership ownership = source.ownership();
    Redaction rules = new CopyClaims(source, ownership, target, options).claim();
    Set<TxRange> there =
        target.segments().stream()
            .map(StoredSegment::range)
            .collect(Collectors.toCollection(HashSet::new));
    List<TxRange> inUse = cover.inUse().stream().map(StoredSegment::range).toList();
    // The newest of those that are there is made again, and compared: the log may be another one.
    inUse.stream().filter(there::contains).reduce((one, other) -> other).ifPresent(there::remove);
    List<TxRange> missing = inUse.stream().filter(range -> !there.contains(range)).toList();
    copy(missing, ownership, rules, cover.prefixEndT());
    if (rules.ruleIds().equals(ownership.redaction().ruleIds())) {
      source.baselines().copyInto(target.baselines());
    }
    return new CopySummary(
        written,
        inUse.size() - written.size(),
        datomsLeftOut,
        cover.gaps(0),
        rules.described(),
        Duration.between(begun, Instant.now()));
  }

  private void copy(List<TxRange> ranges, Ownership ownership, Redaction rules, long prefixEndT) {
    ProgressMeter meter = new ProgressMeter(ranges, options.listener());
    try (OrderedWork<TxRange, Made> work =
        new OrderedWork<>(
            PARALLELISM,
            THREADS,
            ranges.iterator(),
            range -> make(range, ownership, rules, range.startT() <= prefixEndT))) {
      while (work.hasNext()) {
        Made made = work.next();
        SegmentInfo info = made.copy().info();
        if (target.save(made.copy())) {
          LOG.info("copied backup={} into={} range={}", source.name(), target.name(), info.range());
          written.add(info.described(made.copy().bytes().length));
          datomsLeftOut += made.datomCount() - info.datomCount();
        }
        meter.advance(info.range(), info.transactionCount(), info.datomCount());
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IncompleteBackupException(
          "Failed to finish the copy of " + source.location() + ": interrupted",
          "run it again: what was stored stays stored",
          stop);
    }
  }

  /** A segment of the copy, and how many datoms its original has. */
  private record Made(WrittenSegment copy, long datomCount) {}

  private Made make(TxRange range, Ownership ownership, Redaction rules, boolean isPrefixStored) {
    return BackupException.at(
        BackupException.Place.ofSegment(range, source.key(range)),
        () -> {
          Segment segment = source.segment(range);
          SegmentInfo info = segment.info();
          ownership.requireOwn(info, range, "copy " + source.location());
          boolean isAsItIs = info.redactedBy().equals(rules.ruleIds());
          return new Made(
              isAsItIs ? segment.written() : shortened(segment, rules, isPrefixStored),
              info.datomCount());
        });
  }

  private static WrittenSegment shortened(
      Segment segment, Redaction rules, boolean isPrefixStored) {
    SegmentInfo info = segment.info();
    Schema schema = segment.schemaAtStart();
    SegmentWriter writer =
        new SegmentWriter(
                info.source(), schema, info.range().startT(), info.previousT(), CONTENT_SIZE_MAX)
            .redactedBy(rules.ruleIds());
    Redacting redacting = Redacting.forWriting(rules, schema);
    try (Stream<Transaction> transactions = segment.transactions()) {
      transactions.forEach(
          transaction -> {
            if (!writer.add(redacting.next(transaction))) {
              throw new IllegalStateException("a copy is larger than its original");
            }
          });
    }
    return (info.prefixStored() && isPrefixStored ? writer.statingPrefixStored() : writer).finish();
  }
}
