package com.fulcrologic.datomiccloudbackup.restore;

import com.fulcrologic.datomiccloudbackup.segment.Segment;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A segment that is fetched while the one before is replayed, in a thread of its own, which ends
 * with that, and is never interrupted. It only saves time: whatever goes wrong, the segment is not
 * there, and who needs it asks for it, and is told why not. Thread-safe.
 */
final class SegmentAhead {
  static final String THREAD_NAME = "datomic-cloud-backup-next-";

  private static final Logger LOG = LoggerFactory.getLogger(SegmentAhead.class);
  private static final AtomicInteger THREAD_NUMBER = new AtomicInteger();

  private final FutureTask<Optional<Segment>> fetching;

  /** Begins to fetch. */
  SegmentAhead(Callable<Optional<Segment>> fetch) {
    this.fetching = new FutureTask<>(fetch);
    Thread thread = new Thread(fetching, THREAD_NAME + THREAD_NUMBER.incrementAndGet());
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Waits for it, as long as the store lets it wait.
   *
   * @return empty when it could not be fetched, or this thread is interrupted, which it stays
   */
  Optional<Segment> await() {
    try {
      return fetching.get();
    } catch (ExecutionException failed) {
      LOG.debug("the next segment was not fetched ahead", failed.getCause());
    } catch (InterruptedException mustPassOn) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }
}
