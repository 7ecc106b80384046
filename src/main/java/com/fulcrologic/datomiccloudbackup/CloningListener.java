package com.fulcrologic.datomiccloudbackup;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import java.time.Duration;
import java.util.List;

/**
 * Receives events, for metrics and logs; override the methods that you need. Called from the thread
 * that does the work, of which there may be several: must be thread-safe and quick. Its exceptions
 * are logged, and do no harm to the work.
 *
 * <p>Each method's {@code name} is the backup's name in the store.
 */
public interface CloningListener {
  /** Listens to nothing. */
  CloningListener IGNORING = new CloningListener() {};

  /** A listener that calls all of these, one after another. */
  static CloningListener of(List<CloningListener> listeners) {
    return new GuardedListeners(listeners);
  }

  /**
   * A segment has been stored.
   *
   * @param duration how long it took to make it, and to store it
   */
  default void backedUp(String name, BackedUpSegment segment, Duration duration) {}

  /**
   * Transactions are missing below the newest segment of a backup. The backup fills this gap from
   * the source, before it stores anything behind that segment.
   *
   * @param missing the first part of the log that is not stored
   */
  default void gapFound(String name, TxRange missing) {}

  /**
   * Transactions are in the target now.
   *
   * @param duration how long it took to restore them
   */
  default void restored(String name, RestoredSegment segment, Duration duration) {}

  /** The newest stored transaction of a job's backup; with each poll, if it is known. */
  default void backupReached(String name, SourcePoint point) {}

  /** The newest restored transaction of a follower's target; with each poll, if it is known. */
  default void restoreReached(String name, SourcePoint point) {}

  /** The lag of a job's backup behind the source; with each poll, if it is known. */
  default void backupLag(String name, Lag lag) {}

  /**
   * The lag of a follower behind the source, if it knows the source. Otherwise it is the lag behind
   * the backup, as last seen, five minutes ago at worst. Called with each poll, if the lag is
   * known.
   */
  default void restoreLag(String name, Lag lag) {}

  /**
   * A job's backup took a step in which it reached both the source and the store, and its lag is
   * known. Called after {@link #backupLag}; while the source has nothing new, once a minute.
   */
  default void backupHealthy(String name) {}

  /**
   * A following restore took a step without a failure, and its lag is known: it reached the store,
   * the target, and the source, if it knows that. Called with each such poll, after {@link
   * #restoreLag}.
   */
  default void restoreHealthy(String name) {}

  /**
   * A job, or a segment of a parallel backup, met a fault that may pass, and is tried again.
   * Retries within two seconds, inside of one step, are not reported.
   *
   * @param failureCount how many times it failed in succession; at least 1
   * @param pause how long it waits, at most, before it tries again
   */
  default void retrying(String name, BackupException failure, int failureCount, Duration pause) {}

  /** A verification has ended, with any result. */
  default void proved(String name, VerificationReport report) {}
}
