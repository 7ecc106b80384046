package com.fulcrologic.datomiccloudbackup.jobs;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.Lag;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.SegmentGapException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Restores the new segments of a backup into a target, until it is closed. After a fault that may
 * pass (busy, unavailable, the store out of order), the job waits and resumes from the target's
 * newest transaction; any other fault ends the job. The job waits at a gap and never skips it. A
 * parallel backup fills the gap soon, or {@code repair} fills it if segments are really missing.
 *
 * <p>The job reports segments, retries and lag to {@link Cloning#listener}.
 */
public final class RestoreFollower extends Loop implements Job {
  private final Cloning cloning;
  private final DatomicConnection target;
  private final RestoreOptions restoreOptions;
  private final RestoreOptions stoppable; // between two transactions
  private final @Nullable DatomicConnection source;

  // Used by the running thread only.
  private @Nullable SourcePoint reached;
  private boolean isIdle; // the target had all stored segments at the last look
  private boolean isAwaited; // a transaction of the live source that is not restored yet

  /**
   * A follower that does nothing before it is run, and measures its lag against the backup.
   *
   * @param name the backup's name in the store
   * @param target an empty database, or one that a restore of this backup has begun; no other
   *     process may write to it
   * @param restoreOptions the filters; its retry policy is not used
   */
  public RestoreFollower(
      Cloning cloning,
      String name,
      DatomicConnection target,
      RestoreOptions restoreOptions,
      JobOptions options) {
    this(cloning, name, target, restoreOptions, options, null);
  }

  private RestoreFollower(
      Cloning cloning,
      String name,
      DatomicConnection target,
      RestoreOptions restoreOptions,
      JobOptions options,
      @Nullable DatomicConnection source) {
    super(name, cloning.listener(), options);
    this.cloning = cloning;
    this.target = target;
    this.source = source;
    this.restoreOptions = restoreOptions.withRetryPolicy(STEP_RETRY_POLICY);
    this.stoppable = this.restoreOptions.withListener(this::progressed);
  }

  /**
   * The same follower, but it measures its lag against the live source. It also waits for the
   * backup's first segment if there is none yet.
   */
  public RestoreFollower behind(DatomicConnection livingSource) {
    return new RestoreFollower(cloning, name, target, restoreOptions, options, livingSource);
  }

  @Override
  boolean step() {
    boolean isPoll = isIdle && !isAwaited;
    isIdle = false; // unknown if this step fails
    RestoreOutcome outcome =
        isPoll
            ? cloning.pollSegment(name, target, stoppable)
            : cloning.restoreSegment(name, target, stoppable);
    boolean isMore = outcome instanceof RestoredSegment;
    isIdle = !isMore;
    if (isMore || reached == null) {
      reached = cloning.restoredThrough(name, target).orElse(null);
    }
    return isMore;
  }

  private void progressed(Progress progress) {
    restoreOptions.listener().progressed(progress);
    requireGoingOn();
  }

  @Override
  boolean tellLag() {
    SourcePoint known = reached;
    if (known == null) {
      return false;
    }
    listener.restoreReached(name, known);
    DatomicConnection living = source;
    if (living == null && hasAll()) {
      listener.restoreLag(name, Lag.NONE);
      return true;
    }
    Optional<SourcePoint> newest =
        living == null ? cloning.storedThrough(name) : Optional.of(newest(living));
    if (newest.isEmpty()) {
      return false;
    }
    Lag lag = Lag.between(newest.get(), Optional.of(known));
    isAwaited = living != null && lag.t() > 0;
    listener.restoreLag(name, lag);
    return true;
  }

  @Override
  void tellHealthy() {
    listener.restoreHealthy(name);
  }

  /** Whether the target has all stored transactions, as of the last look. */
  private boolean hasAll() {
    return isIdle && restoreOptions.until().equals(RestorePoint.NEWEST);
  }

  @Override
  boolean mayPass(BackupException failure) {
    return super.mayPass(failure)
        || failure instanceof SegmentGapException
        || (source != null && failure instanceof NoSuchBackupException);
  }
}
