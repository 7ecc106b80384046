package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.tools.DaemonThreads;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A segment that a thread of its own fetches while the one before is replayed. The thread ends with
 * the fetch, and is never interrupted. It only saves time: after a failure in it the segment is not
 * there, and the caller's own request meets the failure. Thread-safe.
 */
final class SegmentAhead {
  /** The stored bytes of a segment that is fetched ahead, at most. */
  static final long SIZE_MAX = 8 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(SegmentAhead.class);
  static final DaemonThreads THREADS = new DaemonThreads("next");

  private final long afterT;
  private final FutureTask<Optional<Segment>> fetching;

  /** Begins to fetch the segment that covers what follows {@code afterT}. */
  SegmentAhead(StoredBackup backup, long afterT) {
    this.afterT = afterT;
    this.fetching = new FutureTask<>(() -> fetch(backup, afterT));
    Thread thread = THREADS.newThread(fetching);
    thread.start();
  }

  private static Optional<Segment> fetch(StoredBackup backup, long afterT) {
    return backup
        .covering(afterT + 1)
        .filter(segment -> segment.size() <= SIZE_MAX)
        .map(segment -> backup.segment(segment.range()));
  }

  long afterT() {
    return afterT;
  }

  /**
   * Waits for the segment as long as the store takes. A caller that then asks the store waits
   * twice.
   *
   * @return empty when it could not be fetched, or when this thread is interrupted, even with
   *     nothing to wait for. The thread stays interrupted, so that the caller's own request to the
   *     store is refused
   */
  Optional<Segment> await() {
    if (Thread.currentThread().isInterrupted()) {
      return Optional.empty();
    }
    try {
      return fetching.get();
    } catch (ExecutionException failed) {
      LOG.info("the segment after t={} was not fetched ahead", afterT);
      LOG.debug("why it was not fetched ahead", failed);
    } catch (InterruptedException mustPassOn) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }
}
