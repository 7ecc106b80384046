package com.fulcrologic.datomiccloudbackup;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.NothingNewAvailable;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.check.CheckOptions;
import com.fulcrologic.datomiccloudbackup.check.CheckReport;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.datomic.TemporaryDatabase;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.ForeignSourceException;
import com.fulcrologic.datomiccloudbackup.exceptions.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchDatabaseException;
import com.fulcrologic.datomiccloudbackup.exceptions.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnreachablePointException;
import com.fulcrologic.datomiccloudbackup.internal.backup.Backup;
import com.fulcrologic.datomiccloudbackup.internal.check.StoreCheck;
import com.fulcrologic.datomiccloudbackup.internal.fold.BaselineWriter;
import com.fulcrologic.datomiccloudbackup.internal.fold.Fold;
import com.fulcrologic.datomiccloudbackup.internal.fold.State;
import com.fulcrologic.datomiccloudbackup.internal.restore.session.LiveCopy;
import com.fulcrologic.datomiccloudbackup.internal.restore.session.OpenRestores;
import com.fulcrologic.datomiccloudbackup.internal.restore.session.Planner;
import com.fulcrologic.datomiccloudbackup.internal.restore.session.Restore;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.Claiming;
import com.fulcrologic.datomiccloudbackup.internal.stored.ReceiptChain;
import com.fulcrologic.datomiccloudbackup.internal.stored.Standing;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBaseline;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBaselines;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredReceipt;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import com.fulcrologic.datomiccloudbackup.internal.upkeep.BackupCopy;
import com.fulcrologic.datomiccloudbackup.internal.upkeep.Compaction;
import com.fulcrologic.datomiccloudbackup.internal.verify.Verification;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.upkeep.Baseline;
import com.fulcrologic.datomiccloudbackup.upkeep.BaselineOptions;
import com.fulcrologic.datomiccloudbackup.upkeep.CompactOptions;
import com.fulcrologic.datomiccloudbackup.upkeep.CompactSummary;
import com.fulcrologic.datomiccloudbackup.upkeep.CopyOptions;
import com.fulcrologic.datomiccloudbackup.upkeep.CopySummary;
import com.fulcrologic.datomiccloudbackup.upkeep.CoveredSegment;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * All operations of this library, over one store. Thread-safe. Needs no closing.
 *
 * <p>Every method throws {@link BackupException}, of the subclass that says what to do.
 */
public final class Cloning {
  private final BackupStore store;
  private final CloningListener listener;
  private final OpenRestores restores = new OpenRestores();

  private Cloning(BackupStore store, CloningListener listener) {
    this.store = store;
    this.listener = listener;
  }

  /** The library over a store, of which the caller remains the owner. */
  public static Cloning with(BackupStore store) {
    return new Cloning(store, CloningListener.IGNORING);
  }

  /** The same over the same store, with this listener instead of the present one. */
  public Cloning withListener(CloningListener newListener) {
    return new Cloning(store, CloningListener.of(List.of(newListener)));
  }

  /** The listener of this instance. */
  public CloningListener listener() {
    return listener;
  }

  /**
   * Stores one segment of the source's log, from {@code range.startT()} on.
   *
   * @param name the backup's name in the store
   * @param range what to store at most; less is stored when a segment's byte bound is reached, or
   *     the log ends before
   * @return what was really stored, or was stored already; empty when the log has nothing there
   */
  public Optional<TxRange> backupSegment(String name, DatomicConnection source, TxRange range) {
    return in(
        name,
        () ->
            backup(name, source)
                .backupSegment(range, RetryPolicy.DEFAULT)
                .map(BackedUpSegment::range));
  }

  /**
   * Stores the segment that follows what is stored; the first one starts at the log's beginning.
   * For a scheduled job.
   *
   * @param transactionCountMax transactions in the segment at most; at least 1
   */
  public BackupOutcome backupNextSegment(
      String name, DatomicConnection source, int transactionCountMax) {
    return backupNextSegment(name, source, transactionCountMax, RetryPolicy.DEFAULT);
  }

  /** The same, with the caller's retry policy. */
  public BackupOutcome backupNextSegment(
      String name, DatomicConnection source, int transactionCountMax, RetryPolicy retryPolicy) {
    return in(name, () -> backup(name, source).backupNextSegment(transactionCountMax, retryPolicy));
  }

  /** Stores everything up to the source's basis at the call, several segments at once. */
  public BackupSummary backup(String name, DatomicConnection source, BackupOptions options) {
    return in(name, () -> backup(name, source).backup(options));
  }

  /**
   * Backs up every database of a system, one after another in the order of their names, each under
   * its own name. A failed backup does not stop the others; only an interrupt of this thread does.
   *
   * @param options for each of them, without a start
   * @throws InvalidConfigurationException when the options name a start
   * @throws NoSuchDatabaseException when the system has no database at all
   */
  public List<DatabaseBackup> backupAllDatabases(DatomicClient client, BackupOptions options) {
    requireNoStart(options);
    List<String> names = Retries.whileTransient(options.retryPolicy(), client::databaseNames);
    if (names.isEmpty()) {
      throw new NoSuchDatabaseException(
          "Failed to back up all databases: the system has none",
          "check the client map, and that this user may see the system's databases");
    }
    return names.stream().sorted().map(name -> backupOne(name, client, options)).toList();
  }

  private DatabaseBackup backupOne(String name, DatomicClient client, BackupOptions options) {
    try {
      BackupSummary summary = backup(name, client.connect(name), options);
      return new DatabaseBackup(name, Optional.of(summary), Optional.empty());
    } catch (RuntimeException failure) { // a defect that one database's log shows up, included
      if (Thread.currentThread().isInterrupted()) {
        throw failure;
      }
      return new DatabaseBackup(name, Optional.empty(), Optional.of(failure));
    }
  }

  /**
   * Stores what is missing of a range of the source's log, in segments whose bounds depend on the
   * range and the options alone: any number of workers may do so at once.
   *
   * @param options without a start: the range names it
   * @throws InvalidConfigurationException when the options name a start
   * @throws UnreachablePointException when the source's log ends before the range
   */
  public BackupSummary backupRange(
      String name, DatomicConnection source, TxRange range, BackupOptions options) {
    requireNoStart(options);
    return in(name, () -> backup(name, source).backupRange(range, options));
  }

  /**
   * Stores what is missing of one worker's share of a range. Workers with the same range and count
   * agree on the shares, even if the source grows meanwhile.
   *
   * @param whole what all workers store together
   * @param options without a start: the range names it
   * @throws InvalidConfigurationException when the options name a start
   * @return with no segments when the share is stored, or when there are more shards than t
   * @throws UnreachablePointException when the source's log ends before the range
   */
  public BackupSummary backupShard(
      String name, DatomicConnection source, TxRange whole, Shard shard, BackupOptions options) {
    requireNoStart(options);
    return in(name, () -> backup(name, source).backupShard(whole, shard, options));
  }

  /**
   * Ranges that are missing, from the log's beginning to the end of what is stored.
   *
   * @throws NoSuchBackupException when nothing is stored under this name
   */
  public List<TxRange> backupGaps(String name) {
    return inExisting(name, backup -> backup.gaps(0));
  }

  /** Stores what {@link #backupGaps} finds missing. */
  public BackupSummary repairBackup(String name, DatomicConnection source) {
    return repairBackup(name, source, BackupOptions.DEFAULTS);
  }

  /** Stores what {@link #backupGaps} finds missing. */
  public BackupSummary repairBackup(String name, DatomicConnection source, BackupOptions options) {
    requireNoStart(options);
    return in(name, () -> backup(name, source).repair(options));
  }

  /**
   * The segments that readers of the backup use, in ascending order; reads the head of each of
   * these segments. Segments that larger ones cover are not in it.
   *
   * @throws NoSuchBackupException when nothing is stored under this name
   */
  public List<BackedUpSegment> segments(String name) {
    return inExisting(
        name,
        backup ->
            backup.cover().inUse().stream()
                .map(segment -> backup.info(segment.range()).described(segment.size()))
                .toList());
  }

  /**
   * The segments that no reader uses, since larger ones cover them, in ascending order: what could
   * be removed, all of it at once, after {@link #check} found the store sound at level decode.
   * Reads the listing.
   *
   * @throws NoSuchBackupException when nothing is stored under this name
   */
  public List<CoveredSegment> coveredSegments(String name) {
    return inExisting(
        name,
        backup -> backup.cover().covered().stream().map(each -> covered(each, backup)).toList());
  }

  private static CoveredSegment covered(StoredSegment segment, StoredBackup backup) {
    return new CoveredSegment(backup.key(segment.range()), segment.range(), segment.size());
  }

  /**
   * How far the backup is behind the source. Reads the listing, and makes a few other requests.
   *
   * @throws NoSuchBackupException when nothing is stored under this name
   * @throws ForkedHistoryException when the source's past differs from the stored one
   */
  public BackupStatus status(String name, DatomicConnection source) {
    return inExisting(name, backup -> new Standing(backup).status(source, Optional.empty()));
  }

  /**
   * How far the backup, and a target that is restored from it, is behind the source.
   *
   * @throws NoSuchBackupException when nothing is stored under this name
   * @throws ForkedHistoryException when the source's past differs from the stored one
   * @throws TargetNotRestorableException when the target was begun from another backup, or written
   *     to by others
   */
  public BackupStatus status(String name, DatomicConnection source, DatomicConnection target) {
    BackupStatus.TargetStatus restored =
        new BackupStatus.TargetStatus(restoredThrough(name, target));
    return inExisting(name, backup -> new Standing(backup).status(source, Optional.of(restored)));
  }

  /**
   * The newest stored transaction, even if others before it are missing; empty when there is none.
   * Takes a few requests, for any number of segments.
   */
  public Optional<SourcePoint> storedThrough(String name) {
    return in(name, () -> new Standing(stored(name)).farthest());
  }

  /** The names of all backups in the store, sorted. Two requests for each. */
  public List<String> backupNames() {
    return StoredBackup.names(store);
  }

  /**
   * Describes all backups in the store, sorted by name. In addition to {@link #backupNames}, reads
   * for each one its listing, its claims, and the header of one segment.
   */
  public List<BackupDescription> backups() {
    return backupNames().stream()
        .map(name -> in(name, () -> new Standing(stored(name)).description(name)))
        .toList();
  }

  /** The range of the segment that reaches farthest; empty when none is stored. Three requests. */
  public Optional<TxRange> newestRange(String name) {
    return in(name, () -> stored(name).newest().map(StoredSegment::range));
  }

  /** Whether a segment of exactly this range is stored. One request. */
  public boolean isStored(String name, TxRange range) {
    return in(name, () -> stored(name).find(range).isPresent());
  }

  /**
   * The last source transaction that is in the target, asked of the target alone; empty when
   * nothing was restored into it. Writes nothing.
   *
   * @throws TargetNotRestorableException when the target was begun from another backup, or written
   *     to by others
   */
  public Optional<SourcePoint> restoredThrough(String name, DatomicConnection target) {
    return in(name, () -> new Claiming(target, RetryPolicy.DEFAULT).restored(name));
  }

  /**
   * Checks whether the stored backup is sound. Faults are in the report, and cause no exception.
   *
   * @throws NoSuchBackupException when nothing is stored under this name
   * @throws IncompleteBackupException when the store failed in the middle; the message says from
   *     which t to continue
   */
  public CheckReport check(String name, CheckOptions options) {
    return inExisting(name, backup -> new StoreCheck(backup, options, Optional.empty()).run());
  }

  /**
   * The same, and compares the backup with its receipts: whether they are all there, and the backup
   * still holds the transaction of the newest one. Reads each receipt.
   *
   * @param receipts where {@link #appendReceipt} has written them
   * @throws NoSuchBackupException when nothing is stored under this name, or there is no receipt
   * @throws IncompleteBackupException when the store failed in the middle
   */
  public CheckReport check(String name, CheckOptions options, BackupStore receipts) {
    Optional<ReceiptChain> chain = Optional.of(new ReceiptChain(receipts, name));
    return inExisting(name, backup -> new StoreCheck(backup, options, chain).run());
  }

  /**
   * Appends a receipt for the farthest stored transaction, unless the last receipt is for that one.
   * For a scheduled job, after {@link #backupNextSegment}. Several writers may do so at once. Takes
   * about ten requests.
   *
   * @param receipts a store that is not this one; it should keep receipts from those who can write
   *     here. Sealed, if the receipts are to be authentic
   * @return empty when nothing was appended
   * @throws NoSuchBackupException when nothing is stored under this name
   * @throws ForkedHistoryException when the backup does not hold the transaction of the last
   *     receipt
   */
  public Optional<Receipt> appendReceipt(String name, BackupStore receipts) {
    return in(name, () -> new ReceiptChain(receipts, name).append(existing(name)));
  }

  /** The newest receipt of a backup; empty when there is none. Two requests. */
  public Optional<Receipt> lastReceipt(String name, BackupStore receipts) {
    return in(name, () -> new ReceiptChain(receipts, name).last().map(StoredReceipt::receipt));
  }

  /**
   * Writes larger segments over many small ones; removes nothing. Safe beside writers, readers and
   * other compactors, and after a crash.
   *
   * @throws NoSuchBackupException when nothing is stored under this name
   * @throws CorruptSegmentException when the bytes of a segment to be covered are not those that
   *     were written
   * @throws ForkedHistoryException when segments contradict each other
   */
  public CompactSummary compact(String name, CompactOptions options) {
    return inExisting(name, backup -> new Compaction(backup).compact(options));
  }

  /**
   * Copies a backup under another name, or into another store, or both: as it is, or without the
   * datoms that the options' rules leave out. Transactions, their t and all ids stay. The stored
   * baselines are copied only if there is no rule. A call that was cut short is continued by the
   * same call, which also copies what the backup got since.
   *
   * @param targetStore may be the store of this instance
   * @param targetName free, or begun by the same copy
   * @throws NoSuchBackupException when nothing is stored under this name
   * @throws InvalidConfigurationException when a rule cannot be followed, or the target was begun
   *     under other rules; nothing was written
   * @throws ForeignSourceException when the target is no copy of this backup; nothing was written
   * @throws CorruptSegmentException when the bytes of a segment are not those that were written
   */
  public CopySummary copyBackup(
      String name, BackupStore targetStore, String targetName, CopyOptions options) {
    return inExisting(
        name,
        backup -> new BackupCopy(backup, StoredBackup.of(targetStore, targetName), options).run());
  }

  /** Writes the baseline of t: {@link #writeBaseline(String, BaselineOptions)}. */
  public Baseline writeBaseline(String name, long t) {
    return writeBaseline(name, BaselineOptions.DEFAULTS.at(t));
  }

  /**
   * Computes the state of the database as of one t from the stored segments, and stores it in the
   * backup, so that a restore may begin with it. Needs no source, and removes nothing. Idempotent;
   * a call that was cut short has written no baseline, and the next call continues it.
   *
   * @throws NoSuchBackupException when nothing is stored under this name
   * @throws SegmentGapException when transactions up to t are missing; nothing was written
   * @throws UnreachablePointException when t is not stored; nothing was written
   * @throws CorruptSegmentException when the bytes of a segment are not those that were written
   * @throws ForkedHistoryException when another state is stored as the baseline of this t
   */
  public Baseline writeBaseline(String name, BaselineOptions options) {
    return inExisting(
        name,
        backup -> {
          long t = options.t().orElseGet(() -> backup.cover().endT() - 1);
          try (State state = Fold.upTo(t, backup, options.spillDirectory(), options.listener())) {
            return described(new BaselineWriter(backup.baselines()).write(state));
          }
        });
  }

  /**
   * The stored baselines, in ascending order of t. Reads the manifest of each.
   *
   * @throws NoSuchBackupException when nothing is stored under this name
   * @throws CorruptSegmentException when a manifest is broken
   */
  public List<Baseline> baselines(String name) {
    return inExisting(name, backup -> described(backup.baselines()));
  }

  private static List<Baseline> described(StoredBaselines baselines) {
    return baselines.ts().stream()
        .flatMap(t -> baselines.find(t).stream())
        .map(Cloning::described)
        .toList();
  }

  private static Baseline described(StoredBaseline baseline) {
    return new Baseline(
        baseline.t(), baseline.instant(), baseline.datomCount(), baseline.partCount());
  }

  /**
   * The work of a restore into an empty target, after a check that all of it is stored. Reads the
   * listing; decodes, at most, the segment that holds the requested point and, if there are
   * filters, the newest one.
   *
   * @throws InvalidConfigurationException when a filter names an attribute that cannot be filtered
   * @throws SegmentGapException when transactions are missing before the requested point
   * @throws UnreachablePointException when the point is not stored
   * @throws NoSuchBackupException when nothing is stored under this name
   */
  public RestorePlan restorePlan(String name, RestoreOptions options) {
    return inExisting(name, backup -> new Planner(backup, options).planForEmptyTarget());
  }

  /**
   * The work of a restore into this target, after a check that all of it is stored, and that the
   * target can take it; writes nothing.
   *
   * @throws InvalidConfigurationException when a filter names an attribute that cannot be filtered
   * @throws SegmentGapException when transactions are missing between the target's position and the
   *     requested point
   * @throws TargetNotRestorableException when the target is neither empty nor begun by the same
   *     restore
   * @throws UnreachablePointException when the point is not stored, or the target is beyond it
   * @throws NoSuchBackupException when nothing is stored under this name
   */
  public RestorePlan restorePlan(String name, DatomicConnection target, RestoreOptions options) {
    return inExisting(name, backup -> new Restore(backup, target, options).plan());
  }

  /**
   * Opens a restore session. Reads and writes nothing yet.
   *
   * @param target an empty database, or one that a restore of this backup has begun
   */
  public RestoreSession openRestore(String name, DatomicConnection target, RestoreOptions options) {
    return new RestoreSession(
        name, new Restore(stored(name), target, options), options.listener(), listener);
  }

  /**
   * Restores everything that is stored, up to the requested point, in one call: {@link
   * RestoreSession#run}. The options' listener gets the progress of the whole; an exception that it
   * throws ends the restore between two transactions, and reaches the caller.
   *
   * @param target an empty database, or one that a restore of this backup has begun
   */
  public RestoreSummary restore(String name, DatomicConnection target, RestoreOptions options) {
    try (RestoreSession session = openRestore(name, target, options)) {
      return session.run();
    }
  }

  /**
   * Restores what the target lacks of the next segment; to be called until it answers {@link
   * NothingNewAvailable}. From the second call on, a thread fetches the following segment
   * meanwhile; it may run for a moment after the last call. The memory of these calls is kept for
   * {@code 4} targets at most, and for 15 minutes after the last call; {@link #openRestore} leaves
   * that to the caller.
   *
   * @param target an empty database, or one that a restore of this backup has begun
   */
  public RestoreOutcome restoreSegment(
      String name, DatomicConnection target, RestoreOptions options) {
    return RestoreSession.told(
        name, listener, () -> restoring(name, target, options).next(options.listener()));
  }

  /**
   * The same, for a caller that polls. While nothing new is stored, it costs the store one request
   * (for 1 000 keys at most) instead of three. The second call after a new segment sees it; the
   * sixth, if its span in t has another order of magnitude than the newest one's; in any case a
   * call that comes five minutes later. Until then the answer is {@link NothingNewAvailable}.
   */
  public RestoreOutcome pollSegment(String name, DatomicConnection target, RestoreOptions options) {
    return RestoreSession.told(
        name, listener, () -> restoring(name, target, options).poll(options.listener()));
  }

  /**
   * Checks that {@link #copyState(String, DatomicConnection, RestoreOptions)} can copy into an
   * empty target, before there is one. Reads as {@link #restorePlan} does.
   *
   * @throws InvalidConfigurationException when a filter names no attribute, or one that cannot be
   *     filtered; or the options name a baseline
   * @throws SegmentGapException when transactions are missing before the point
   * @throws UnreachablePointException when the point is not stored
   * @throws NoSuchBackupException when nothing is stored under this name
   */
  public void requireCopyable(String name, RestoreOptions options) {
    requireNoBaseline(options.baseline());
    inExisting(name, backup -> new Planner(backup, options, true).planForEmptyTarget());
  }

  /**
   * The same for a copy of a live database: checks the filters against its schema.
   *
   * @throws InvalidConfigurationException when a filter names no attribute, or one that cannot be
   *     filtered; or the options name a baseline
   */
  public void requireCopyable(DatomicConnection source, RestoreOptions options) {
    requireNoBaseline(options.baseline());
    LiveCopy.filter(source, options);
  }

  /**
   * Copies the state of a stored database into an empty one, without its history: as of the
   * options' {@link RestoreOptions#until} point, or the newest. The copy is no restore: nothing
   * continues it. A copy that was cut short is continued by the same call.
   *
   * @param target an empty database, or one that the same copy has begun
   * @throws InvalidConfigurationException when a filter names no attribute, or one that cannot be
   *     filtered; or the options name a baseline
   * @throws SegmentGapException when transactions are missing before the point
   * @throws TargetNotRestorableException when the target is neither empty nor begun by the same
   *     copy
   * @throws UnreachablePointException when the point is not stored
   * @throws NoSuchBackupException when nothing is stored under this name
   */
  public RestoreSummary copyState(String name, DatomicConnection target, RestoreOptions options) {
    requireNoBaseline(options.baseline());
    Restore copy = new Restore(existing(name), target, options.fromBaseline(options.until()), true);
    try (RestoreSession session = new RestoreSession(name, copy, options.listener(), listener)) {
      return session.run();
    }
  }

  /**
   * Copies the state of a live database into an empty one, without its history: as of the options'
   * {@link RestoreOptions#until} t, or its basis at the call. Reads the indexes of the source, some
   * attributes at once; it may be written to meanwhile. Nothing continues the copy, but the same
   * call one that was cut short.
   *
   * @param target an empty database, or one that the same copy has begun
   * @throws InvalidConfigurationException when a filter names no attribute, or one that cannot be
   *     filtered; or the options name a baseline or an instant
   * @throws TargetNotRestorableException when the target is neither empty nor begun by the same
   *     copy, or cannot hold the state
   * @throws UnreachablePointException when the source has no transaction of that t
   */
  public RestoreSummary copyState(
      DatomicConnection source, DatomicConnection target, RestoreOptions options) {
    requireNoBaseline(options.baseline());
    RestoreSummary.Builder summary = new RestoreSummary.Builder();
    RestoreOutcome outcome = new LiveCopy(source, target, options).copy(options.listener());
    if (outcome instanceof RestoredSegment copied) {
      summary.add(copied);
      return summary.end(
          new NothingNewAvailable(OptionalLong.of(copied.range().endT() - 1), Set.of()));
    }
    return summary.end((NothingNewAvailable) outcome);
  }

  /**
   * Compares a restored database with the backup that it was restored from, by the filters recorded
   * in it. Writes nothing.
   *
   * @throws TargetNotRestorableException when the target says that it was restored from another
   *     backup, or another source
   * @throws NoSuchBackupException when nothing is stored under this name
   * @throws SegmentGapException when transactions are missing in the store; with {@link
   *     VerifyOptions#asFarAsRestored()}, when they are missing as far as the target reaches
   */
  public VerificationReport verify(String name, DatomicConnection target, VerifyOptions options) {
    requireNoBaseline(options.baseline());
    return inExisting(name, backup -> told(name, Verification.ofRestored(backup, target, options)));
  }

  /**
   * Compares a restored database with the live source, without a request to the store.
   *
   * @throws TargetNotRestorableException when the target says that it was restored from another
   *     source
   */
  public VerificationReport verify(
      DatomicConnection source, DatomicConnection target, VerifyOptions options) {
    requireNoBaseline(options.baseline());
    return told(source.databaseName(), Verification.ofRestored(source, target, options));
  }

  /**
   * Compares the stored log with the live source, as far as it is stored.
   *
   * @throws ForeignSourceException when the backup belongs to another database
   * @throws NoSuchBackupException when nothing is stored under this name
   * @throws SegmentGapException when transactions are missing in the store
   */
  public VerificationReport verifyStored(
      String name, DatomicConnection source, VerifyOptions options) {
    requireNoBaseline(options.baseline());
    return inExisting(name, backup -> told(name, Verification.ofStored(backup, source, options)));
  }

  /**
   * Restores the backup into a temporary database in memory, and compares it with the backup: the
   * proof that the backup can be restored. The database is one of an embedded Datomic Local, or of
   * Datomic Pro if the backup is one of Pro. Takes 112 to 170 bytes of memory for each datom.
   *
   * @throws InvalidConfigurationException when the library for that database is not on the class
   *     path
   * @throws NoSuchBackupException when nothing is stored under this name
   * @throws SegmentGapException when transactions are missing in the store
   */
  public VerificationReport verifyRestore(String name, VerifyOptions options) {
    boolean isFromPro = new Planner(existing(name), RestoreOptions.DEFAULTS).isFromPro();
    try (TemporaryDatabase temporary =
        isFromPro ? TemporaryDatabase.createPro() : TemporaryDatabase.create()) {
      RestoreOptions all =
          RestoreOptions.DEFAULTS
              .withRetryPolicy(options.retryPolicy())
              .withSpillDirectory(options.spillDirectory());
      all = options.baseline().map(all::fromBaseline).orElse(all);
      ProofProgress progress =
          new ProofProgress(restorePlan(name, all).range().orElseThrow(), options.listener());
      RestoreOptions told = all.withListener(progress::restoring);
      progress.restored(restore(name, temporary.connection(), told));
      VerifyOptions compared = options.withoutBaseline().withListener(progress::comparing);
      return verify(name, temporary.connection(), compared);
    }
  }

  private static <T> T in(String name, Supplier<T> work) {
    return BackupException.at(BackupException.Place.ofBackup(name), work);
  }

  private <T> T inExisting(String name, Function<StoredBackup, T> work) {
    return in(name, () -> work.apply(existing(name)));
  }

  /** An unused option would mislead the caller. */
  private static void requireNoBaseline(Optional<RestorePoint> baseline) {
    if (baseline.isPresent()) {
      throw new InvalidConfigurationException(
          "The options name a baseline, which is not used here",
          "leave it out: the target records what it begins with, and a copy begins with the point"
              + " to restore to");
    }
  }

  /** An unused option would mislead the caller. */
  private static void requireNoStart(BackupOptions options) {
    if (options.startT().isPresent()) {
      throw new InvalidConfigurationException(
          "The options name a start, t %s, which is not used here"
              .formatted(options.startT().getAsLong()),
          "leave it out: the range, or what is stored, determines the start");
    }
  }

  private Backup backup(String name, DatomicConnection source) {
    return new Backup(stored(name), source, listener);
  }

  private Restore restoring(String name, DatomicConnection target, RestoreOptions options) {
    return restores.get(name, target, options, () -> new Restore(stored(name), target, options));
  }

  private VerificationReport told(String name, VerificationReport report) {
    listener.proved(name, report);
    return report;
  }

  private StoredBackup stored(String name) {
    return StoredBackup.of(store, name);
  }

  private StoredBackup existing(String name) {
    StoredBackup backup = stored(name);
    if (!backup.exists()) {
      List<String> names = StoredBackup.names(store);
      throw new NoSuchBackupException(
          "Failed to find " + backup.location() + ": nothing is stored under this name",
          names.isEmpty()
              ? "this store holds no backup at all: check where it is"
              : "the backups in this store are " + names);
    }
    return backup;
  }
}
