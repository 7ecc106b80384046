package com.fulcrologic.datomiccloudbackup.jobs;

import com.fulcrologic.datomiccloudbackup.BackupOutcome;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.NothingNewToBackUp;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.Lag;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Basis;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Backs up the new transactions of a live source, segment after segment, until it is closed. After
 * a fault that may pass (busy, unavailable, the store out of order), the job waits and tries the
 * same segment again; any other fault ends the job. While the source has nothing new, a poll asks
 * the source for its basis. Once a minute, a poll also asks the store, by one request, for the
 * newest segment; if that is gone, the job stores everything that is missing again.
 *
 * <p>The job reports segments, retries and lag to {@link Cloning#listener}.
 */
public final class BackupJob extends Loop implements Job {
  private static final Logger LOG = LoggerFactory.getLogger(BackupJob.class);
  private static final long STORE_SEEN_NANOS = Duration.ofMinutes(1).toNanos();

  private final Cloning cloning;
  private final DatomicConnection source;
  private final int transactionCountMax;
  private final LongSupplier nanoClock;

  // Used by the running thread only.
  private long basisSeenT = -1;
  private @Nullable SourcePoint reached;
  private boolean hasAll; // all transactions that the source had at the last look
  private @Nullable TxRange newest; // the newest segment seen in the store
  private long seenNanos;
  private boolean isStoreReached; // in the current step

  /**
   * A job that does nothing before it is run.
   *
   * @param name the backup's name in the store
   * @param transactionCountMax transactions in a segment at most; at least 1
   */
  public BackupJob(
      Cloning cloning,
      String name,
      DatomicConnection source,
      int transactionCountMax,
      JobOptions options) {
    this(cloning, name, source, transactionCountMax, options, System::nanoTime);
  }

  BackupJob(
      Cloning cloning,
      String name,
      DatomicConnection source,
      int transactionCountMax,
      JobOptions options,
      LongSupplier nanoClock) {
    super(name, cloning.listener(), options);
    this.nanoClock = nanoClock;
    this.cloning = cloning;
    this.source = source;
    this.transactionCountMax = transactionCountMax;
  }

  @Override
  boolean step() {
    hasAll = false; // unknown if this step fails
    isStoreReached = false;
    if (!isInStore()) {
      basisSeenT = -1;
    }
    long basisT = source.basisT();
    if (basisT < basisSeenT) {
      basisT = Basis.atLeast(source, basisSeenT);
      requireNotBehind(basisT);
    }
    if (basisT == basisSeenT) {
      hasAll = true;
      return false;
    }
    BackupOutcome outcome =
        cloning.backupNextSegment(name, source, transactionCountMax, STEP_RETRY_POLICY);
    noteStore();
    if (outcome instanceof BackedUpSegment segment) {
      newest = segment.range();
      reached = point(source, segment.range().endT() - 1);
      // A segment that is not full holds all that there was: what is new since waits for a poll.
      return segment.transactionCount() >= transactionCountMax;
    }
    if (outcome instanceof NothingNewToBackUp nothing) {
      reached = point(source, nothing.basisT());
      newest = cloning.newestRange(name).orElse(null);
      hasAll = newest != null; // else the store was emptied during this step
      basisSeenT = hasAll ? nothing.basisT() : -1;
    }
    return false;
  }

  /** Whether the newest segment is still in the store; looks once a minute. */
  private boolean isInStore() {
    TxRange range = newest;
    if (range == null || nanoClock.getAsLong() - seenNanos < STORE_SEEN_NANOS) {
      return true;
    }
    if (!cloning.isStored(name, range)) {
      LOG.warn("segment gone backup={} range={}", name, range);
      newest = null;
      return false;
    }
    noteStore();
    return true;
  }

  private void noteStore() {
    seenNanos = nanoClock.getAsLong();
    isStoreReached = true;
  }

  private void requireNotBehind(long basisT) {
    if (basisT < basisSeenT) {
      throw new IncompleteBackupException(
          "Failed to back up under %s: the source is behind: its basis is t %s, and was t %s"
              .formatted(name, basisT, basisSeenT),
          "the job tries again; if the source was reset or restored to an earlier t, back it up"
              + " under another name");
    }
  }

  @Override
  boolean tellLag() {
    SourcePoint known = reached;
    if (known == null) {
      return false;
    }
    listener.backupReached(name, known);
    Lag lag = hasAll ? Lag.NONE : Lag.between(newest(source), Optional.of(known));
    listener.backupLag(name, lag);
    return true;
  }

  @Override
  void tellHealthy() {
    if (isStoreReached) {
      listener.backupHealthy(name);
    }
  }
}
