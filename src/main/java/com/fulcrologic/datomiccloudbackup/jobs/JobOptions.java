package com.fulcrologic.datomiccloudbackup.jobs;

import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import java.time.Duration;

/**
 * How a job goes about it. Immutable; start from {@link #DEFAULTS}.
 *
 * @param pollInterval how long to wait, when nothing is new, before asking again
 * @param backoff how long to wait after a fault that may pass, and after how many in succession to
 *     give up
 * @param closeWaitMax how long closing waits for the work to end
 */
public record JobOptions(Duration pollInterval, RetryPolicy backoff, Duration closeWaitMax) {

  /**
   * Asks every 30 seconds; after a fault, waits for up to a second at first and up to a minute
   * later, and never gives up; waits for two minutes when it is closed.
   */
  public static final JobOptions DEFAULTS =
      new JobOptions(
          Duration.ofSeconds(30),
          new RetryPolicy(Integer.MAX_VALUE, Duration.ofSeconds(1), Duration.ofMinutes(1)),
          Duration.ofMinutes(2));

  /**
   * @throws IllegalArgumentException when a duration is negative, or there is no poll interval
   */
  public JobOptions {
    if (pollInterval.isNegative() || pollInterval.isZero() || closeWaitMax.isNegative()) {
      throw new IllegalArgumentException("a job needs a poll interval, and no negative duration");
    }
  }

  public JobOptions withPollInterval(Duration interval) {
    return new JobOptions(interval, backoff, closeWaitMax);
  }

  public JobOptions withBackoff(RetryPolicy policy) {
    return new JobOptions(pollInterval, policy, closeWaitMax);
  }

  public JobOptions withCloseWaitMax(Duration max) {
    return new JobOptions(pollInterval, backoff, max);
  }
}
