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
 * A segment that is fetched while the one before is replayed, in a thread of its own, which ends
 * when it is there, and is never interrupted. It only saves time: after a failure in that thread
 * the segment is not there, and the caller that needs it asks for it, and gets the failure.
 * Thread-safe.
 */
final class SegmentAhead {
  /** A larger one is not fetched ahead: bytes, as it is stored. */
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

  /** The source t that it follows. */
  long afterT() {
    return afterT;
  }

  /**
   * Waits for it, as long as the store lets it wait: who asks again then waits twice.
   *
   * @return empty when it could not be fetched; also when this thread is interrupted, which it
   *     stays, even if there is nothing to wait for: so the store is asked, and refuses
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
