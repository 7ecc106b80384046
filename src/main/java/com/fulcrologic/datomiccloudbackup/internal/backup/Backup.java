package com.fulcrologic.datomiccloudbackup.internal.backup;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.BackupOutcome;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.NothingNewToBackUp;
import com.fulcrologic.datomiccloudbackup.BackupSummary;
import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.Shard;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Basis;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnreachablePointException;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentWriter;
import com.fulcrologic.datomiccloudbackup.internal.stored.Cover;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backup of one source under one name. The store records everything that it needs to know; an
 * instance remembers nothing. Thread-safe.
 */
public final class Backup {
  private static final Logger LOG = LoggerFactory.getLogger(Backup.class);

  private final StoredBackup backup;
  private final SourceLog source;
  private final long contentSizeMax;
  private final CloningListener listener;

  public Backup(StoredBackup backup, DatomicConnection source, CloningListener listener) {
    this(backup, source, listener, SegmentWriter.CONTENT_SIZE_MAX_DEFAULT);
  }

  Backup(
      StoredBackup backup,
      DatomicConnection source,
      CloningListener listener,
      long contentSizeMax) {
    this.backup = backup;
    this.source = new SourceLog(source);
    this.listener = listener;
    this.contentSizeMax = contentSizeMax;
  }

  /**
   * Stores one segment from a range's start on, or finds it stored; empty when the log has nothing
   * there. It is less than the range when its byte bound is reached, or the log ends before.
   */
  public Optional<BackedUpSegment> backupSegment(TxRange range, RetryPolicy retryPolicy) {
    SourceGuard.Admission admission = retrying(retryPolicy, () -> admit(BackupOptions.DEFAULTS));
    Optional<StoredSegment> stored = backup.find(range);
    if (stored.isPresent()) {
      return Optional.of(described(stored.get(), admission.newest()));
    }
    if (range.startT() > admission.basisT()) {
      return Optional.empty();
    }
    TxRange available = new TxRange(range.startT(), Math.min(range.endT(), admission.basisT() + 1));
    boolean prefixStored = isPrefixKnownToBeStored(range.startT(), admission.newest());
    SegmentMaker maker = maker(admission);
    return retrying(retryPolicy, () -> maker.make(available, Integer.MAX_VALUE, prefixStored))
        .map(maker::publish);
  }

  /**
   * Stores the segment that follows what is stored without a gap; the first one starts at the log's
   * beginning. If the newest segment states that everything before it was stored, this costs a
   * handful of requests, for any number of segments. Otherwise the whole listing is read, and a gap
   * below the newest segment is filled first.
   */
  public BackupOutcome backupNextSegment(int transactionCountMax, RetryPolicy retryPolicy) {
    if (transactionCountMax < 1) {
      throw new IllegalArgumentException("transactionCountMax must be at least 1");
    }
    SourceGuard.Admission admission = retrying(retryPolicy, () -> admit(BackupOptions.DEFAULTS));
    long basisT = admission.basisT();
    Optional<TxRange> next = firstMissing(admission.newest(), basisT);
    if (next.isEmpty()) {
      return new NothingNewToBackUp(basisT);
    }
    SegmentMaker maker = maker(admission);
    return retrying(
            retryPolicy,
            () -> maker.make(next.get(), transactionCountMax, /* prefixStored= */ true))
        .<BackupOutcome>map(maker::publish)
        .orElse(new NothingNewToBackUp(basisT));
  }

  /** The range that comes next: a gap, or everything behind the newest segment. */
  private Optional<TxRange> firstMissing(Optional<SegmentInfo> newest, long basisT) {
    long endT = newest.map(info -> info.range().endT()).orElse(0L);
    if (newest.isPresent() && !isPrefixStored(newest.get())) {
      List<TxRange> gaps = backup.gaps(0);
      if (!gaps.isEmpty()) {
        tellGap(gaps.get(0));
        return Optional.of(gaps.get(0));
      }
    }
    return endT > basisT ? Optional.empty() : Optional.of(new TxRange(endT, basisT + 1));
  }

  private static boolean isPrefixStored(SegmentInfo info) {
    return info.prefixStored() || info.range().startT() == 0;
  }

  /** Whether a segment states that all before t is stored; no request if it is the newest one. */
  private boolean isPrefixKnownToBeStored(long t, Optional<SegmentInfo> newest) {
    if (t == 0) {
      return true;
    }
    if (newest.filter(info -> info.range().endT() == t).isPresent()) {
      return isPrefixStored(newest.get());
    }
    return backup
        .covering(t - 1)
        .map(StoredSegment::range)
        .map(backup::info)
        .filter(Backup::isPrefixStored)
        .isPresent();
  }

  private void tellGap(TxRange gap) {
    LOG.warn("gap backup={} missing={}", backup.name(), gap);
    listener.gapFound(backup.name(), gap);
  }

  /**
   * Stores everything up to the source's basis at the call, several segments at once: first the
   * gaps, then what follows the newest segment. Reads the whole listing.
   */
  public BackupSummary backup(BackupOptions options) {
    Instant begun = Instant.now();
    RetryPolicy retryPolicy = options.retryPolicy();
    // A source with another past must not lead to the answer "nothing new".
    SourceGuard.Admission admission = retrying(retryPolicy, () -> admit(options));
    long basisT = admission.basisT();
    Cover cover = backup.cover();
    List<TxRange> gaps = options.startT().isEmpty() ? cover.gaps(0) : List.of();
    gaps.forEach(this::tellGap);
    List<TxRange> ranges = new ArrayList<>(gaps);
    long startT = options.startT().orElse(cover.endT());
    if (startT <= basisT) {
      ranges.add(new TxRange(startT, basisT + 1));
    }
    boolean prefixStored = options.startT().isEmpty() || cover.prefixEndT() >= startT;
    BackupSummary summary = run(ranges, prefixStored, admission, options, basisT, begun);
    if (!gaps.isEmpty()) {
      requireNoGap();
    }
    return summary;
  }

  private void requireNoGap() {
    List<TxRange> gaps = backup.gaps(0);
    if (!gaps.isEmpty()) {
      throw new IncompleteBackupException(
          "Failed to complete " + backup.location() + ": still missing " + gaps.get(0),
          "run it again; if it stays missing, see what is stored with segments and gaps");
    }
  }

  /** Stores what is missing below the end of what is stored. */
  public BackupSummary repair(BackupOptions options) {
    Instant begun = Instant.now();
    SourceGuard.Admission admission = retrying(options.retryPolicy(), () -> admit(options));
    long basisT = admission.basisT();
    List<TxRange> gaps = backup.gaps(0);
    BackupSummary summary = run(gaps, /* prefixStored= */ true, admission, options, basisT, begun);
    if (!summary.segments().isEmpty()) {
      requireNoGap();
    }
    return summary;
  }

  /**
   * Stores what is missing of a range, in segments whose bounds depend on the range and the options
   * alone: any number of workers may do so at once, for ranges that touch, or overlap.
   */
  public BackupSummary backupRange(TxRange range, BackupOptions options) {
    Instant begun = Instant.now();
    RetryPolicy retryPolicy = options.retryPolicy();
    long basisT = requireReached(range, retryPolicy);
    SourceGuard.Admission admission = retrying(retryPolicy, () -> admit(options));
    Cover cover = backup.cover();
    boolean isDense = retrying(retryPolicy, source::isDense);
    List<TxRange> missing = cover.missing(range);
    if (isDense) {
      // Cut as if the whole range were stored at once: another process makes the same segments.
      missing = ParallelBackup.cut(missing, range.startT(), options.transactionCountMax());
    }
    boolean prefixStored = !missing.isEmpty() && cover.prefixEndT() >= missing.get(0).startT();
    return run(missing, prefixStored, admission, options, basisT, begun);
  }

  /** Stores what is missing of one share of a range. */
  public BackupSummary backupShard(TxRange whole, Shard shard, BackupOptions options) {
    long basisT = requireReached(whole, options.retryPolicy());
    return retrying(options.retryPolicy(), () -> source.share(whole, shard))
        .map(range -> backupRange(range, options))
        .orElseGet(() -> new BackupSummary(List.of(), basisT, Duration.ZERO));
  }

  /** The source's basis, which is in or behind the range's last t. */
  private long requireReached(TxRange range, RetryPolicy retryPolicy) {
    long basisT = retrying(retryPolicy, () -> Basis.atLeast(source.connection(), range.endT() - 1));
    if (range.endT() - 1 > basisT) {
      throw new UnreachablePointException(
          "Failed to back up %s into %s: the source's basis is t %s"
              .formatted(range, backup.location(), basisT),
          "give a range whose last t is " + basisT + " at most");
    }
    return basisT;
  }

  private BackupSummary run(
      List<TxRange> ranges,
      boolean prefixStored,
      SourceGuard.Admission admission,
      BackupOptions options,
      long basisT,
      Instant begun) {
    if (ranges.isEmpty()) {
      return new BackupSummary(List.of(), basisT, Duration.between(begun, Instant.now()));
    }
    SegmentMaker maker = maker(admission);
    boolean isDense = retrying(options.retryPolicy(), source::isDense);
    List<BackedUpSegment> segments =
        new ParallelBackup(options, isDense, maker, prefixStored).run(ranges);
    // Another process may have written, or adopted, meanwhile.
    retrying(options.retryPolicy(), () -> admit(options));
    return new BackupSummary(segments, basisT, Duration.between(begun, Instant.now()));
  }

  /** Makes sure, first, that the backup is this source's. */
  private SourceGuard.Admission admit(BackupOptions options) {
    return new SourceGuard(backup, source, options).admit();
  }

  private SegmentMaker maker(SourceGuard.Admission admission) {
    return new SegmentMaker(backup, source, admission, listener, contentSizeMax);
  }

  private BackedUpSegment described(StoredSegment stored, Optional<SegmentInfo> newest) {
    SegmentInfo info =
        newest
            .filter(known -> known.range().equals(stored.range()))
            .orElseGet(() -> backup.info(stored.range()));
    return info.described(stored.size());
  }

  private static <T> T retrying(RetryPolicy retryPolicy, Supplier<T> call) {
    return Retries.whileTransient(retryPolicy, call);
  }
}
