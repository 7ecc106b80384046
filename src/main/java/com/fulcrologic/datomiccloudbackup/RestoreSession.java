package com.fulcrologic.datomiccloudbackup;

import com.fulcrologic.datomiccloudbackup.RestoreOutcome.NothingNewAvailable;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.exceptions.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.internal.restore.session.Restore;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A restore of one backup into one target with one set of options. Made by {@link
 * Cloning#openRestore}. The session holds all that the restore remembers between two segments; the
 * target alone records how far the restore got, so that any session continues it.
 *
 * <p>One thread at a time calls {@link #next}, {@link #poll}, {@link #run} and {@link #plan}. Any
 * thread may call {@link #close}: a restore in progress then ends between two transactions with a
 * {@link CancellationException}.
 */
public final class RestoreSession implements AutoCloseable {
  private final String name;
  private final Progress.Listener progress;
  private final CloningListener listener;
  private volatile @Nullable Restore restore;
  private @Nullable Run run; // in progress

  /**
   * A whole restore.
   *
   * @param range the transactions that it is going to restore
   * @param done what it has restored so far
   */
  private record Run(TxRange range, RestoreSummary.Builder done) {
    Progress progress(Progress segment) {
      long spanDone = segment.range().startT() + segment.spanDone() - range.startT();
      return new Progress(
          range,
          done.transactionCount() + segment.transactionsDone(),
          done.datomCount() + segment.datomsDone(),
          Math.min(spanDone, range.span()), // the source may have got more meanwhile
          range.span());
    }
  }

  RestoreSession(
      String name, Restore restore, Progress.Listener progress, CloningListener listener) {
    this.name = name;
    this.restore = restore;
    this.progress = progress;
    this.listener = listener;
  }

  /**
   * Restores the part of the next segment that the target lacks.
   *
   * @throws IllegalStateException when the session is closed
   * @throws CancellationException when another thread closes the session meanwhile
   */
  public RestoreOutcome next() {
    Restore open = requireOpen();
    return told(name, listener, () -> open.next(this::progressed));
  }

  /**
   * The same, at one request to the store while nothing new is stored; a new segment may be found
   * some calls late, as {@link Cloning#pollSegment} says.
   *
   * @throws IllegalStateException when the session is closed
   * @throws CancellationException when another thread closes the session meanwhile
   */
  public RestoreOutcome poll() {
    Restore open = requireOpen();
    return told(name, listener, () -> open.poll(this::progressed));
  }

  /**
   * Restores everything that is stored, up to the requested point, after a check that all of it is
   * there and that the target can take it. The options' listener gets the progress of the whole
   * run.
   *
   * @throws SegmentGapException when transactions are missing in the store; nothing was restored
   * @throws IllegalStateException when the session is closed
   * @throws CancellationException when another thread closes the session meanwhile
   */
  public RestoreSummary run() {
    RestoreSummary.Builder summary = new RestoreSummary.Builder();
    run = plan().range().map(range -> new Run(range, summary)).orElse(null);
    try {
      while (true) {
        requireNotCancelled(); // between two segments
        RestoreOutcome outcome = next();
        if (outcome instanceof RestoredSegment segment) {
          summary.add(segment);
        } else if (outcome instanceof NothingNewAvailable end) {
          return summary.end(end);
        }
      }
    } finally {
      run = null;
    }
  }

  /**
   * The work that is left, after a check that all of it is stored and that the target can take it.
   * Writes nothing.
   *
   * @throws IllegalStateException when the session is closed
   */
  public RestorePlan plan() {
    Restore open = requireOpen();
    return BackupException.at(BackupException.Place.ofBackup(name), open::plan);
  }

  /** Frees the session's memory, and ends a restore in progress between two transactions. */
  @Override
  public void close() {
    restore = null;
  }

  private Restore requireOpen() {
    Restore open = restore;
    if (open == null) {
      throw new IllegalStateException("the restore session is closed");
    }
    return open;
  }

  private void progressed(Progress made) {
    Run whole = run;
    progress.progressed(whole == null ? made : whole.progress(made));
    requireNotCancelled();
  }

  private void requireNotCancelled() {
    if (restore == null) {
      throw new CancellationException("the restore session was closed");
    }
  }

  static RestoreOutcome told(String name, CloningListener listener, Supplier<RestoreOutcome> work) {
    long beginNanos = System.nanoTime();
    RestoreOutcome outcome = BackupException.at(BackupException.Place.ofBackup(name), work);
    if (outcome instanceof RestoredSegment segment) {
      listener.restored(name, segment, Duration.ofNanos(System.nanoTime() - beginNanos));
    }
    return outcome;
  }
}
