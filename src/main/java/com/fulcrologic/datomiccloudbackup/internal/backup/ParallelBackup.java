package com.fulcrologic.datomiccloudbackup.internal.backup;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.internal.stored.ProgressMeter;
import com.fulcrologic.datomiccloudbackup.internal.tools.DaemonThreads;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Backs ranges up, a few segments at a time, and stops early when one keeps failing. Segments are
 * made side by side, and published in the order of the log: however this ends, the stored log has
 * no new gap. Nothing is interrupted: the segments in the making are finished first. Its threads
 * end before {@link #run} returns.
 */
final class ParallelBackup {
  private static final Logger LOG = LoggerFactory.getLogger(ParallelBackup.class);
  private static final DaemonThreads THREADS = new DaemonThreads("segment");

  /** Bytes of finished segments that may wait for those before them: 64 MiB. */
  private static final long WAITING_SIZE_MAX = 64L << 20;

  private final BackupOptions options;
  private final boolean isDense;
  private final SegmentMaker maker;
  private final boolean prefixStored;
  private final Semaphore making;
  private final LogOrder order = new LogOrder(WAITING_SIZE_MAX);

  /**
   * @param isDense whether t grows by one: if it does not, the number of transactions in a range is
   *     not known in advance, and the log is read from one end to the other
   * @param prefixStored whether everything before the ranges is stored
   */
  ParallelBackup(BackupOptions options, boolean isDense, SegmentMaker maker, boolean prefixStored) {
    this.options = options;
    this.isDense = isDense;
    this.maker = maker;
    this.prefixStored = prefixStored;
    this.making = new Semaphore(isDense ? options.parallelism() : 1, /* fair= */ true);
  }

  /** Backs up ranges in ascending order; returns the segments stored, in ascending order. */
  List<BackedUpSegment> run(List<TxRange> ranges) {
    List<TxRange> pieces = pieces(ranges);
    // Twice as many threads as make segments: the others wait for their turn, or publish.
    int threadCount = Math.min(2 * making.availablePermits(), pieces.size());
    ExecutorService executor = Executors.newFixedThreadPool(threadCount, THREADS);
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
    ProgressMeter meter = new ProgressMeter(pieces, options.listener());
    List<BackedUpSegment> segments = new ArrayList<>();
    RuntimeException failure = null;
    int submitted = 0;
    int running = 0;
    boolean interrupted = false;
    while (running > 0 || (failure == null && submitted < pieces.size())) {
      while (failure == null && running < threadCount && submitted < pieces.size()) {
        int number = submitted++;
        completion.submit(() -> new Piece(number, pieces.get(number), meter).backUp());
        running++;
      }
      try {
        segments.addAll(completion.take().get());
        running--;
      } catch (ExecutionException failed) {
        failure = failure == null ? failureOf(failed) : failure;
        running--;
      } catch (InterruptedException stop) { // the segments in the making are finished all the same
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
    segments.sort(Comparator.comparing(BackedUpSegment::range));
    return segments;
  }

  private IncompleteBackupException interrupted(InterruptedException stop) {
    return new IncompleteBackupException(
        "Failed to finish the backup into " + maker.backup().location() + ": interrupted",
        "run it again: what was stored stays stored",
        stop);
  }

  private List<TxRange> pieces(List<TxRange> ranges) {
    if (!isDense) {
      return ranges;
    }
    List<TxRange> pieces = new ArrayList<>();
    for (TxRange range : ranges) {
      pieces.addAll(cut(List.of(range), range.startT(), options.transactionCountMax()));
    }
    return pieces;
  }

  /** Cuts ranges wherever t is a multiple of the length behind an origin before all of them. */
  static List<TxRange> cut(List<TxRange> ranges, long originT, long length) {
    List<TxRange> cells = new ArrayList<>();
    for (TxRange range : ranges) {
      for (long t = range.startT(); t < range.endT(); ) {
        long end = Math.min(t - (t - originT) % length + length, range.endT());
        cells.add(new TxRange(t, end));
        t = end;
      }
    }
    return cells;
  }

  /** One piece is several segments when it exceeds a segment's bounds. One thread. */
  private final class Piece {
    private final int number;
    private final TxRange range;
    private final ProgressMeter meter;
    private final Deque<SegmentMaker.Made> made = new ArrayDeque<>(); // waiting for their turn
    private final List<BackedUpSegment> published = new ArrayList<>();

    Piece(int number, TxRange range, ProgressMeter meter) {
      this.number = number;
      this.range = range;
      this.meter = meter;
    }

    List<BackedUpSegment> backUp() {
      boolean isDone = false;
      try {
        isDone = makeAll() && publish();
        return published;
      } finally {
        made.forEach(segment -> order.waits(-segment.size()));
        if (isDone) {
          order.done(number);
        } else {
          order.failed(number);
        }
      }
    }

    /** False when a piece before this one has failed. */
    private boolean makeAll() {
      long start = range.startT();
      while (start < range.endT()) {
        Optional<SegmentMaker.Made> next = make(new TxRange(start, range.endT()));
        if (next.isEmpty()) {
          return true;
        }
        start = next.get().range().endT();
        made.add(next.get());
        order.waits(next.get().size());
        if (!order.mayMakeAnother(number) && !publish()) {
          return false;
        }
      }
      return true;
    }

    private Optional<SegmentMaker.Made> make(TxRange rest) {
      making.acquireUninterruptibly();
      try {
        return BackupException.at(
            BackupException.Place.ofRange(rest),
            () ->
                retrying(
                    rest, () -> maker.make(rest, options.transactionCountMax(), prefixStored)));
      } finally {
        making.release();
      }
    }

    /** Publishes, in its turn, what was made; false when the turn never comes. */
    private boolean publish() {
      if (!order.awaitTurn(number)) {
        return false;
      }
      while (!made.isEmpty()) {
        SegmentMaker.Made segment = made.getFirst();
        BackedUpSegment stored = ParallelBackup.this.publish(segment);
        order.waits(-made.removeFirst().size());
        published.add(stored);
        meter.advance(stored.range(), stored.transactionCount(), stored.datomCount());
      }
      return true;
    }
  }

  /** Reads of the source are repeated here; a store repeats its own requests. */
  private <T> T retrying(TxRange range, Supplier<T> reading) {
    RetryPolicy policy = options.retryPolicy();
    for (int attempt = 1; ; attempt++) {
      try {
        return reading.get();
      } catch (AnomalyException failed) {
        if (!failed.anomaly().isTransient()) {
          throw failed;
        }
        if (attempt >= policy.attemptCountMax()) {
          throw incomplete(range, failed, " in " + attempt + " attempts");
        }
        LOG.info("retrying range={} attempt={} reason={}", range, attempt, failed.getMessage());
        Duration pauseMax = policy.delayBoundAfter(attempt);
        maker.listener().retrying(maker.backup().name(), failed, attempt, pauseMax);
        Retries.pauseAfter(policy, attempt);
      } catch (StoreException failed) {
        throw incomplete(range, failed, "");
      }
    }
  }

  private IncompleteBackupException incomplete(
      TxRange range, BackupException failed, String attempts) {
    return new IncompleteBackupException(
        "Failed to back up %s into %s%s, and what was stored stays stored: %s"
            .formatted(range, maker.backup().location(), attempts, failed.getMessage()),
        failed.hint(),
        failed);
  }

  private BackedUpSegment publish(SegmentMaker.Made segment) {
    return BackupException.at(
        BackupException.Place.ofRange(segment.range()),
        () -> {
          try {
            return maker.publish(segment);
          } catch (StoreException failed) {
            throw incomplete(segment.range(), failed, "");
          }
        });
  }

  private static RuntimeException failureOf(ExecutionException failed) {
    if (failed.getCause() instanceof RuntimeException known) {
      return known; // of the work, or of a listener
    }
    return new IllegalStateException("a segment could not be made", failed.getCause());
  }
}
