package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a request again while its fault is transient, according to a {@link RetryPolicy}. Every
 * request of a store may be sent again, whatever the outcome of the last attempt. Reads change
 * nothing, and an object is written once, with the same bytes.
 */
final class Attempts {
  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

  private final RetryPolicy policy;
  private final S3Failures failures;

  Attempts(RetryPolicy policy, S3Failures failures) {
    this.policy = policy;
    this.failures = failures;
  }

  /** A request. */
  interface Request<T> {
    T send() throws ObjectFault;
  }

  /**
   * @param what the operation, as in {@code create orders/claim}
   * @throws com.fulcrologic.datomiccloudbackup.BackupException as {@link S3Failures} classifies
   */
  <T> T send(String what, Request<T> request) {
    for (int attempt = 1; ; attempt++) {
      try {
        return request.send();
      } catch (ObjectFault fault) {
        if (Thread.currentThread().isInterrupted()) {
          throw failures.interrupted(what, fault);
        }
        if (!fault.isTransient() || attempt >= policy.attemptCountMax()) {
          throw failures.classify(what, fault);
        }
        LOG.info(
            "retrying what={} attempt={} status={} code={}",
            what,
            attempt,
            fault.status(),
            fault.code());
        pauseAfter(attempt, what);
      }
    }
  }

  /**
   * @throws StoreException when the wait is interrupted; the thread's flag is set again
   */
  private void pauseAfter(int attempt, String what) {
    long boundMillis = policy.delayBoundAfter(attempt).toMillis();
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(boundMillis + 1));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw failures.interrupted(what, interrupted);
    }
  }
}
