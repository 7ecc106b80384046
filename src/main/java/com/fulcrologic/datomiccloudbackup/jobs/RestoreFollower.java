package com.fulcrologic.datomiccloudbackup.jobs;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.Lag;
import com.fulcrologic.datomiccloudbackup.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome;
import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Restores whatever a backup gets into a target, until it is closed. A fault that may pass (busy,
 * unavailable, the store out of order) makes it wait and go on where the target stands; any other
 * ends it. A gap is waited for: a parallel backup fills it soon, and what is really missing {@code
 * repair} fills; it is never skipped.
 *
 * <p>Tells {@link Cloning#listener} of segments, retries and lag.
 */
public final class RestoreFollower implements Job {
  private final Cloning cloning;
  private final String name;
  private final DatomicConnection target;
  private final RestoreOptions restoreOptions;
  private final JobOptions options;
  private final @Nullable DatomicConnection source;
  private final Loop loop;

  /**
   * A follower that does nothing before it is run, and measures its lag against the backup.
   *
   * @param name the backup's name in the store
   * @param target an empty database, or one that a restore of this backup has begun; nobody else
   *     may write to it
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
    this.cloning = cloning;
    this.name = name;
    this.target = target;
    this.options = options;
    this.source = source;
    this.loop = new Loop(name, cloning.listener(), options);
    this.restoreOptions = restoreOptions.withRetryPolicy(Loop.STEP_RETRY_POLICY);
  }

  /**
   * The same, which measures its lag against the living source, and waits for the backup's first
   * segment where there is none yet.
   */
  public RestoreFollower behind(DatomicConnection livingSource) {
    return new RestoreFollower(cloning, name, target, restoreOptions, options, livingSource);
  }

  @Override
  public void run() {
    loop.run(new NextSegment());
  }

  @Override
  public void close() {
    loop.stop();
  }

  /** Used by the thread that runs, alone. */
  private final class NextSegment implements Loop.Step {
    private final RestoreOptions stoppable = restoreOptions.withListener(this::progressed);
    private @Nullable SourcePoint reached;
    private boolean isIdle; // nothing was stored a moment ago that it had not taken
    private boolean isAwaited; // something that the living source has

    @Override
    public boolean take() {
      boolean isPoll = isIdle && !isAwaited;
      isIdle = false; // nobody knows, should this fail
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
      loop.requireGoingOn();
    }

    @Override
    public boolean tellLag() {
      SourcePoint known = reached;
      if (known == null) {
        return false;
      }
      cloning.listener().restoreReached(name, known);
      DatomicConnection living = source;
      if (living == null && hasAll()) {
        cloning.listener().restoreLag(name, Lag.NONE);
        return true;
      }
      Optional<SourcePoint> newest =
          living == null ? cloning.storedThrough(name) : Optional.of(Points.newest(living));
      if (newest.isEmpty()) {
        return false;
      }
      Lag lag = Lag.between(newest.get(), Optional.of(known));
      isAwaited = living != null && lag.t() > 0;
      cloning.listener().restoreLag(name, lag);
      return true;
    }

    @Override
    public void tellHealthy() {
      cloning.listener().restoreHealthy(name);
    }

    /** Whether nothing is stored beyond what is in the target, as far as it has seen. */
    private boolean hasAll() {
      return isIdle && restoreOptions.until().equals(RestorePoint.NEWEST);
    }

    @Override
    public boolean mayPass(BackupException failure) {
      return Faults.mayPass(failure)
          || failure instanceof SegmentGapException
          || (source != null && failure instanceof NoSuchBackupException);
    }
  }
}
