package com.fulcrologic.datomiccloudbackup.jobs;

import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import java.time.Duration;

/** Settings of a job: polling, retries and closing. Immutable; start from {@link #DEFAULTS}. */
public final class JobOptions {

  /**
   * Polls every 30 seconds. After a fault, the job waits for up to a second at first and up to a
   * minute later, and never gives up. Closing waits for two minutes.
   */
  public static final JobOptions DEFAULTS =
      new JobOptions(
          Duration.ofSeconds(30),
          new RetryPolicy(Integer.MAX_VALUE, Duration.ofSeconds(1), Duration.ofMinutes(1)),
          Duration.ofMinutes(2));

  private final Duration pollInterval;
  private final RetryPolicy backoff;
  private final Duration closeWaitMax;

  private JobOptions(Duration pollInterval, RetryPolicy backoff, Duration closeWaitMax) {
    if (pollInterval.isNegative() || pollInterval.isZero() || closeWaitMax.isNegative()) {
      throw new IllegalArgumentException("a job needs a poll interval, and no negative duration");
    }
    this.pollInterval = pollInterval;
    this.backoff = backoff;
    this.closeWaitMax = closeWaitMax;
  }

  /** How long to wait, when nothing is new, before the next poll. */
  public Duration pollInterval() {
    return pollInterval;
  }

  /** How long to wait after a fault that may pass, and after how many in succession to give up. */
  public RetryPolicy backoff() {
    return backoff;
  }

  /** How long closing waits for the work to end. */
  public Duration closeWaitMax() {
    return closeWaitMax;
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
