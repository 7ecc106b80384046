package com.fulcrologic.datomiccloudbackup;

import java.time.Duration;

/**
 * How often, and how patiently, a call that met a transient fault is repeated: exponential backoff
 * with full jitter, bounded in both directions. Immutable.
 *
 * @param attemptCountMax how many times the call is made at most; at least 1
 * @param delayFirst the upper bound of the first pause; doubles with each attempt
 * @param delayMax the upper bound of any pause
 */
public record RetryPolicy(int attemptCountMax, Duration delayFirst, Duration delayMax) {

  /**
   * Ten attempts, with pauses of up to 100 ms at first and up to 20 s later: a minute or so in all.
   */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(10, Duration.ofMillis(100), Duration.ofSeconds(20));

  /**
   * @throws IllegalArgumentException when {@code attemptCountMax} is less than 1, or a delay is
   *     negative
   */
  public RetryPolicy {
    if (attemptCountMax < 1 || delayFirst.isNegative() || delayMax.isNegative()) {
      throw new IllegalArgumentException(
          "a retry policy needs at least one attempt and delays that are not negative");
    }
  }

  /** The upper bound of the pause after the given attempt, counted from 1. */
  public Duration delayBoundAfter(int attempt) {
    int doublings = Math.min(attempt - 1, 20);
    Duration bound = delayFirst.multipliedBy(1L << doublings);
    return bound.compareTo(delayMax) < 0 ? bound : delayMax;
  }
}
