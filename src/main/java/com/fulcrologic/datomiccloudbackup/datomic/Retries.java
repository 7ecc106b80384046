package com.fulcrologic.datomiccloudbackup.datomic;

import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a call while its anomaly is transient (busy, unavailable, interrupted), according to a
 * {@link RetryPolicy}. Only for calls that may be made twice: reads.
 */
public final class Retries {
  private static final Logger LOG = LoggerFactory.getLogger(Retries.class);

  private Retries() {}

  /** Makes a call, and repeats it; the last failure is thrown unchanged. */
  public static <T> T whileTransient(RetryPolicy policy, Supplier<T> call) {
    for (int attempt = 1; ; attempt++) {
      try {
        return call.get();
      } catch (AnomalyException anomaly) {
        if (!anomaly.anomaly().isTransient() || attempt >= policy.attemptCountMax()) {
          throw anomaly;
        }
        LOG.info("retrying attempt={} reason={}", attempt, anomaly.getMessage());
        pauseAfter(policy, attempt);
      }
    }
  }

  /**
   * Waits for a random time up to the policy's bound after this attempt, counted from 1.
   *
   * @throws AnomalyException of category fault (not to be retried) when the wait is interrupted;
   *     the thread's flag is set again
   */
  public static void pauseAfter(RetryPolicy policy, int attempt) {
    Duration bound = policy.delayBoundAfter(attempt);
    pause(Duration.ofMillis(ThreadLocalRandom.current().nextLong(bound.toMillis() + 1)));
  }

  /** Waits; throws like {@link #pauseAfter}. */
  static void pause(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AnomalyException("wait for a retry", Anomaly.FAULT, null, interrupted);
    }
  }
}
