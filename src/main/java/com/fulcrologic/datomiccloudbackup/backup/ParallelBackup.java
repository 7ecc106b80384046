package com.fulcrologic.datomiccloudbackup.backup;

import com.fulcrologic.datomiccloudbackup.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.StoreException;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Backs ranges up, a few segments at a time, and stops early when one keeps failing. Nothing is
 * interrupted: what is in the making is finished first. Its threads end before {@link #run}
 * returns.
 */
final class ParallelBackup {
  private static final Logger LOG = LoggerFactory.getLogger(ParallelBackup.class);
  private static final AtomicInteger THREAD_NUMBER = new AtomicInteger();

  private final String location;
  private final BackupOptions options;
  private final boolean isDense;
  private final Storer storer;

  /**
   * @param isDense whether t grows by one: where it does not, nothing tells in advance how many
   *     transactions a range holds, and the log is read from one end to the other
   */
  ParallelBackup(String location, BackupOptions options, boolean isDense, Storer storer) {
    this.location = location;
    this.options = options;
    this.isDense = isDense;
    this.storer = storer;
  }

  /** What the ranges are given to; called by several threads. */
  interface Storer {
    /** Stores the beginning of a range as one segment; empty when it holds no transaction. */
    Optional<BackedUpSegment> store(TxRange range, int transactionCountMax);

    /** It failed so many times, and is called again after such a pause, or a shorter one. */
    void retrying(BackupException failure, int attempt, Duration pauseMax);
  }

  /**
   * Backs the ranges up.
   *
   * @return the segments stored, in ascending order
   * @throws IncompleteBackupException when one segment kept failing for a transient reason
   * @throws BackupException at once, when one failed for a permanent reason
   */
  List<BackedUpSegment> run(List<TxRange> ranges) {
    List<TxRange> pieces = pieces(ranges);
    int threadCount = Math.min(isDense ? options.parallelism() : 1, pieces.size());
    ExecutorService executor =
        Executors.newFixedThreadPool(
            threadCount,
            work -> {
              Thread thread =
                  new Thread(work, "datomic-cloud-backup-" + THREAD_NUMBER.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    try {
      return run(pieces, new ExecutorCompletionService<>(executor), threadCount);
    } finally {
      executor.shutdown(); // never shutdownNow: an interrupt can close Datomic Local's log
    }
  }

  private List<BackedUpSegment> run(
      List<TxRange> pieces,
      ExecutorCompletionService<List<BackedUpSegment>> completion,
      int threadCount) {
    ProgressMeter meter = new ProgressMeter(pieces);
    List<BackedUpSegment> segments = new ArrayList<>();
    BackupException failure = null;
    int submitted = 0;
    int running = 0;
    boolean interrupted = false;
    while (running > 0 || (failure == null && submitted < pieces.size())) {
      while (failure == null && running < threadCount && submitted < pieces.size()) {
        TxRange piece = pieces.get(submitted++);
        completion.submit(() -> backUp(piece, meter));
        running++;
      }
      try {
        segments.addAll(completion.take().get());
        running--;
      } catch (ExecutionException failed) {
        failure = failure == null ? failureOf(failed) : failure;
        running--;
      } catch (InterruptedException stop) { // what is in the making is finished all the same
        interrupted = true;
        failure = failure == null ? interrupted(stop) : failure;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw failure;
    }
    segments.sort((one, other) -> one.range().compareTo(other.range()));
    return segments;
  }

  private IncompleteBackupException interrupted(InterruptedException stop) {
    return new IncompleteBackupException(
        "Failed to finish the backup into " + location + ": interrupted",
        "run it again: what was stored stays stored",
        stop);
  }

  private List<TxRange> pieces(List<TxRange> ranges) {
    if (!isDense) {
      return ranges;
    }
    List<TxRange> pieces = new ArrayList<>();
    for (TxRange range : ranges) {
      for (long start = range.startT(); start < range.endT(); ) {
        long end = Math.min(range.endT(), start + options.transactionCountMax());
        pieces.add(new TxRange(start, end));
        start = end;
      }
    }
    return pieces;
  }

  /** One piece is several segments when it exceeds a segment's bounds. */
  private List<BackedUpSegment> backUp(TxRange piece, ProgressMeter meter) {
    List<BackedUpSegment> segments = new ArrayList<>();
    long start = piece.startT();
    while (start < piece.endT()) {
      Optional<BackedUpSegment> stored = storeRetrying(new TxRange(start, piece.endT()));
      if (stored.isEmpty()) {
        break;
      }
      segments.add(stored.get());
      meter.advance(stored.get(), stored.get().range().endT() - start);
      start = stored.get().range().endT();
    }
    return segments;
  }

  private Optional<BackedUpSegment> storeRetrying(TxRange range) {
    for (int attempt = 1; ; attempt++) {
      try {
        return storer.store(range, options.transactionCountMax());
      } catch (AnomalyException | StoreException failed) {
        if (failed instanceof AnomalyException anomaly && !anomaly.anomaly().isTransient()) {
          throw failed;
        }
        boolean isLasting = failed instanceof StoreException store && !store.isTransient();
        if (isLasting || attempt >= options.retryPolicy().attemptCountMax()) {
          throw new IncompleteBackupException(
              "Failed to back up " + range + " into " + location + " in " + attempt + " attempts",
              "run it again: what was stored stays stored; the cause: " + failed.getMessage(),
              failed);
        }
        LOG.info("retrying range={} attempt={} reason={}", range, attempt, failed.getMessage());
        storer.retrying(failed, attempt, options.retryPolicy().delayBoundAfter(attempt));
        Retries.pauseAfter(options.retryPolicy(), attempt);
      }
    }
  }

  private static BackupException failureOf(ExecutionException failed) {
    if (failed.getCause() instanceof BackupException known) {
      return known;
    }
    throw new IllegalStateException("a segment could not be made", failed.getCause());
  }

  /** Adds up what all threads have done. */
  private final class ProgressMeter {
    private final TxRange whole;
    private final long spanTotal;
    private long transactionsDone;
    private long datomsDone;
    private long spanDone;

    ProgressMeter(List<TxRange> pieces) {
      this.whole = new TxRange(pieces.get(0).startT(), pieces.get(pieces.size() - 1).endT());
      this.spanTotal = pieces.stream().mapToLong(TxRange::span).sum();
    }

    synchronized void advance(BackedUpSegment segment, long span) {
      transactionsDone += segment.transactionCount();
      datomsDone += segment.datomCount();
      spanDone += span;
      options
          .listener()
          .progressed(new Progress(whole, transactionsDone, datomsDone, spanDone, spanTotal));
    }
  }
}
