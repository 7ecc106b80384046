package com.fulcrologic.datomiccloudbackup;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The lag of a copy, in t and in time, both measured in the original: the loss if the original were
 * gone now.
 *
 * @param t how many t are missing; where t is dense, that is the number of transactions
 * @param time from the date of the newest transaction that the copy has to the date of the newest
 *     that there is; zero when nothing is missing, whatever the clock says
 */
public record Lag(long t, Duration time) {
  /** Nothing is missing. */
  public static final Lag NONE = new Lag(0, Duration.ZERO);

  /**
   * @throws IllegalArgumentException when t or time is negative
   */
  public Lag {
    if (t < 0 || time.isNegative()) {
      throw new IllegalArgumentException("a lag must not be negative");
    }
  }

  /**
   * The lag of a copy.
   *
   * @param newest the newest transaction that there is
   * @param reached the newest one that the copy has; empty for none, which counts from the epoch
   */
  public static Lag between(SourcePoint newest, Optional<SourcePoint> reached) {
    long reachedT = reached.map(SourcePoint::t).orElse(-1L);
    if (reachedT >= newest.t()) {
      return NONE;
    }
    Duration time =
        Duration.between(reached.map(SourcePoint::instant).orElse(Instant.EPOCH), newest.instant());
    return new Lag(newest.t() - reachedT, time.isNegative() ? Duration.ZERO : time);
  }

  /** Whether the lag, in time, is {@code max} at most. */
  public boolean isWithin(Duration max) {
    return time.compareTo(max) <= 0;
  }
}
