package com.fulcrologic.datomiccloudbackup;

import java.util.Optional;

/**
 * How to check a store. Immutable; start from {@link #DEFAULTS}.
 *
 * @param level how closely to look
 * @param range what to look at: every segment that has a t in it; empty for all
 * @param parallelism segments read at once; 1 to 64
 * @param listener is told after each segment
 */
public record CheckOptions(
    CheckLevel level, Optional<TxRange> range, int parallelism, Progress.Listener listener) {

  /** Every byte of everything, 4 segments at once. */
  public static final CheckOptions DEFAULTS =
      new CheckOptions(CheckLevel.HASH, Optional.empty(), 4, Progress.IGNORED);

  /**
   * @throws IllegalArgumentException when a number is out of its range
   */
  public CheckOptions {
    if (parallelism < 1 || parallelism > 64) {
      throw new IllegalArgumentException("parallelism must be from 1 to 64");
    }
  }

  public CheckOptions withLevel(CheckLevel newLevel) {
    return new CheckOptions(newLevel, range, parallelism, listener);
  }

  /** Looks at a part, as when an earlier check was cut short. */
  public CheckOptions within(TxRange part) {
    return new CheckOptions(level, Optional.of(part), parallelism, listener);
  }

  public CheckOptions withParallelism(int segmentsAtOnce) {
    return new CheckOptions(level, range, segmentsAtOnce, listener);
  }

  public CheckOptions withListener(Progress.Listener newListener) {
    return new CheckOptions(level, range, parallelism, newListener);
  }
}
