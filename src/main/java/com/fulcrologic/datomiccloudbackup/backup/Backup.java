package com.fulcrologic.datomiccloudbackup.backup;

import com.fulcrologic.datomiccloudbackup.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.BackupOutcome;
import com.fulcrologic.datomiccloudbackup.BackupSummary;
import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.ForeignSourceException;
import com.fulcrologic.datomiccloudbackup.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.NothingNewToBackUp;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.Shard;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.UnreachablePointException;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.segment.SegmentWriter;
import com.fulcrologic.datomiccloudbackup.segment.WrittenSegment;
import com.fulcrologic.datomiccloudbackup.store.Cover;
import com.fulcrologic.datomiccloudbackup.store.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.StoredSegment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backup of one source under one name. Everything that it needs to know stands in the store; an
 * instance remembers nothing. Thread-safe.
 */
public final class Backup {
  private static final Logger LOG = LoggerFactory.getLogger(Backup.class);

  private final StoredBackup backup;
  private final SourceLog source;
  private final long contentSizeMax;
  private final CloningListener listener;

  /**
   * @param listener is told of each segment that is stored, and of each that is tried again
   */
  public Backup(StoredBackup backup, DatomicConnection source, CloningListener listener) {
    this(backup, source, listener, SegmentWriter.CONTENT_SIZE_MAX_DEFAULT);
  }

  Backup(StoredBackup backup, DatomicConnection source) {
    this(backup, source, CloningListener.IGNORING);
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
   * Stores one segment of the log, from {@code range.startT()} on.
   *
   * @param range what to store at most; less is stored when a segment's byte bound is reached, or
   *     the log ends before
   * @return what was really stored, or was stored already; empty when the log has nothing there
   * @throws ForeignSourceException when the backup belongs to another database
   * @throws ForkedHistoryException when the source's past is not the one that is stored
   */
  public Optional<BackedUpSegment> backupSegment(TxRange range, RetryPolicy retryPolicy) {
    return retrying(
        retryPolicy,
        () -> {
          Optional<TxRange> stored =
              backup.covering(range.startT()).map(StoredSegment::range).filter(range::equals);
          SegmentMaker maker = maker(admit(false));
          if (stored.isPresent()) {
            return Optional.of(described(stored.get()));
          }
          long basisT = source.basisT();
          if (range.startT() > basisT) {
            return Optional.empty();
          }
          TxRange available = new TxRange(range.startT(), Math.min(range.endT(), basisT + 1));
          return store(maker, available, Integer.MAX_VALUE);
        });
  }

  /**
   * Stores the segment that follows what is stored; the first one starts at the log's beginning.
   *
   * @param transactionCountMax transactions in it at most
   * @throws ForeignSourceException when the backup belongs to another database
   * @throws ForkedHistoryException when the source's past is not the one that is stored
   */
  public BackupOutcome backupNextSegment(int transactionCountMax, RetryPolicy retryPolicy) {
    if (transactionCountMax < 1) {
      throw new IllegalArgumentException("transactionCountMax must be at least 1");
    }
    return retrying(
        retryPolicy,
        () -> {
          SourceGuard.Admission admission = admit(false);
          long basisT = source.basisT();
          if (admission.endT() > basisT) {
            return new NothingNewToBackUp(basisT);
          }
          TxRange range = new TxRange(admission.endT(), basisT + 1);
          return store(maker(admission), range, transactionCountMax)
              .<BackupOutcome>map(segment -> segment)
              .orElse(new NothingNewToBackUp(basisT));
        });
  }

  /**
   * Stores everything up to the source's basis at the call, several segments at once.
   *
   * @throws com.fulcrologic.datomiccloudbackup.IncompleteBackupException when one segment kept
   *     failing; what was stored stays stored
   */
  public BackupSummary backup(BackupOptions options) {
    Instant begun = Instant.now();
    RetryPolicy retryPolicy = options.retryPolicy();
    long basisT = retrying(retryPolicy, source::basisT);
    // "Nothing new" from a source that is not the one that is stored would be a lie.
    SourceGuard.Admission admission = retrying(retryPolicy, () -> admit(options.adopting()));
    long startT = options.startT().orElse(admission.endT());
    List<TxRange> ranges = startT > basisT ? List.of() : List.of(new TxRange(startT, basisT + 1));
    return run(ranges, admission, options, basisT, begun);
  }

  /** Ranges that are missing, from the log's beginning to the end of what is stored. */
  public List<TxRange> gaps() {
    return backup.gaps(0);
  }

  /** Stores what is missing below the end of what is stored. */
  public BackupSummary repair(BackupOptions options) {
    Instant begun = Instant.now();
    long basisT = retrying(options.retryPolicy(), source::basisT);
    SourceGuard.Admission admission =
        retrying(options.retryPolicy(), () -> admit(options.adopting()));
    return run(gaps(), admission, options, basisT, begun);
  }

  /**
   * Stores what is missing of a range, in segments whose bounds depend on the range and the options
   * alone: any number of workers may do so at once, for ranges that touch, or overlap.
   *
   * @throws UnreachablePointException when the source's log ends before the range
   */
  public BackupSummary backupRange(TxRange range, BackupOptions options) {
    Instant begun = Instant.now();
    RetryPolicy retryPolicy = options.retryPolicy();
    long basisT = retrying(retryPolicy, source::basisT);
    requireIn(basisT, range);
    SourceGuard.Admission admission = retrying(retryPolicy, () -> admit(options.adopting()));
    Cover cover = backup.cover();
    boolean isDense = retrying(retryPolicy, source::isDense);
    List<TxRange> missing =
        isDense
            ? Missing.cells(range, cover, options.transactionCountMax())
            : Missing.in(range, cover);
    return run(missing, admission, options, basisT, begun);
  }

  /**
   * Stores what is missing of one share of a range.
   *
   * @throws UnreachablePointException when the source's log ends before the range
   */
  public BackupSummary backupShard(TxRange whole, Shard shard, BackupOptions options) {
    long basisT = retrying(options.retryPolicy(), source::basisT);
    requireIn(basisT, whole);
    return shard(whole, shard, options.retryPolicy())
        .map(range -> backupRange(range, options))
        .orElseGet(() -> new BackupSummary(List.of(), basisT, Duration.ZERO));
  }

  /** The shares of a range that are not empty, in ascending order. */
  public List<TxRange> shards(TxRange whole, int count) {
    return retrying(
        RetryPolicy.DEFAULT,
        () -> {
          Sharding sharding = new Sharding(source);
          return IntStream.range(0, count)
              .mapToObj(index -> sharding.of(whole, new Shard(index, count)))
              .flatMap(Optional::stream)
              .toList();
        });
  }

  private Optional<TxRange> shard(TxRange whole, Shard shard, RetryPolicy retryPolicy) {
    return retrying(retryPolicy, () -> new Sharding(source).of(whole, shard));
  }

  private void requireIn(long basisT, TxRange range) {
    if (range.endT() - 1 > basisT) {
      throw new UnreachablePointException(
          "Failed to back up "
              + range
              + " into "
              + backup.location()
              + ": the source's basis is t "
              + basisT,
          "give a range that ends at " + (basisT + 1) + " at most");
    }
  }

  private BackupSummary run(
      List<TxRange> ranges,
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
        new ParallelBackup(
                backup.location(),
                options,
                isDense,
                new ParallelBackup.Storer() {
                  @Override
                  public Optional<BackedUpSegment> store(TxRange range, int countMax) {
                    return Backup.this.store(maker, range, countMax);
                  }

                  @Override
                  public void retrying(BackupException failure, int attempt, Duration pauseMax) {
                    listener.retrying(backup.name(), failure, attempt, pauseMax);
                  }
                })
            .run(ranges);
    // Somebody may have written, or adopted, meanwhile.
    retrying(options.retryPolicy(), () -> admit(options.adopting()));
    return new BackupSummary(segments, basisT, Duration.between(begun, Instant.now()));
  }

  private Optional<BackedUpSegment> store(
      SegmentMaker maker, TxRange range, int transactionCountMax) {
    long beginNanos = System.nanoTime();
    Optional<WrittenSegment> written = maker.make(range, transactionCountMax);
    written.ifPresent(backup::save);
    Optional<BackedUpSegment> stored =
        written.map(segment -> described(segment.info(), segment.bytes().length));
    stored.ifPresent(segment -> told(segment, Duration.ofNanos(System.nanoTime() - beginNanos)));
    return stored;
  }

  private void told(BackedUpSegment segment, Duration duration) {
    LOG.info(
        "backed up backup={} range={} transactions={} bytes={}",
        backup.name(),
        segment.range(),
        segment.transactionCount(),
        segment.size());
    listener.backedUp(backup.name(), segment, duration);
  }

  /** Makes sure, first, that the backup is this source's. */
  private SourceGuard.Admission admit(boolean adopting) {
    return new SourceGuard(backup, source, adopting).admit();
  }

  private SegmentMaker maker(SourceGuard.Admission admission) {
    return new SegmentMaker(source, admission.identity(), contentSizeMax);
  }

  private BackedUpSegment described(TxRange range) {
    StoredSegment stored =
        backup.segments().stream()
            .filter(segment -> segment.range().equals(range))
            .findFirst()
            .orElseThrow();
    return described(backup.info(range), stored.size());
  }

  private static BackedUpSegment described(SegmentInfo info, long size) {
    return new BackedUpSegment(info.range(), info.transactionCount(), info.datomCount(), size);
  }

  private static <T> T retrying(RetryPolicy retryPolicy, Supplier<T> call) {
    return Retries.whileTransient(retryPolicy, call);
  }
}
