package com.fulcrologic.datomiccloudbackup;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import java.time.Duration;
import java.util.List;

/**
 * Is told what happens, for metrics and logs; override what you want to know. Called from the
 * thread that does the work, of which there may be several: must be thread-safe and quick. What it
 * throws is logged, and does no harm to the work.
 *
 * <p>Each method's {@code name} is the backup's name in the store.
 */
public interface CloningListener {
  /** Listens to nothing. */
  CloningListener IGNORING = new CloningListener() {};

  /** All of them, one after another. */
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

  /** Up to where a job's backup is stored; told with each poll, if it is known. */
  default void backupReached(String name, SourcePoint point) {}

  /** Up to where a following restore's target is restored; told with each poll, if it is known. */
  default void restoreReached(String name, SourcePoint point) {}

  /** How far a job's backup is behind the source; told with each poll, if it can be known. */
  default void backupLag(String name, Lag lag) {}

  /**
   * How far a following restore is behind the source, if it knows the source, or else behind the
   * backup, as far as it has seen that (five minutes ago at worst); told with each poll, if it can
   * be known.
   */
  default void restoreLag(String name, Lag lag) {}

  /**
   * A job's backup took a step in which it reached both the source and the store, and its lag is
   * known. Told after {@link #backupLag}; while the source has nothing new, once a minute.
   */
  default void backupHealthy(String name) {}

  /**
   * A following restore took a step without a failure, and its lag is known: it reached the store,
   * the target, and the source, if it knows that. Told with each such poll, after {@link
   * #restoreLag}.
   */
  default void restoreHealthy(String name) {}

  /**
   * A job, or a segment of a parallel backup, met a fault that may pass, and is tried again. What
   * is repeated within two seconds, inside of one step, is not told.
   *
   * @param failureCount how many times it failed in succession; at least 1
   * @param pause how long it waits, at most, before it tries again
   */
  default void retrying(String name, BackupException failure, int failureCount, Duration pause) {}

  /** A verification has ended, with whatever result. */
  default void proved(String name, VerificationReport report) {}
}
