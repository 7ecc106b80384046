package com.fulcrologic.datomiccloudbackup.internal.restore.pipeline;

import com.fulcrologic.datomiccloudbackup.TransactionsInFlight;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Controls the number of transactions in flight, and the distance at which they are sent.
 *
 * <p>The number follows the measured rate. Now and then the double or the half of it is tried for a
 * while, and the faster one stays; of two that are equally fast, the smaller one. So a target
 * without latency that works one by one gets one at a time. At the beginning, the number doubles
 * after a few transactions each, up to the first one that brings nothing.
 *
 * <p>The distance follows the transactions that overtake. A transaction that arrives before its
 * predecessor is rejected, with all behind it, which costs a round trip. Each such accident makes
 * the distance half as long again. Each transaction that arrives in order makes it a hundredth
 * shorter. So about one in forty is rejected if the network reorders, and none is held back if it
 * does not.
 *
 * <p>Mutable; for the restoring thread only.
 */
public final class FlightControl {
  private static final double WORTH_MORE = 1.1; // of the rate, for twice as many in flight
  private static final double WORTH_FEWER = 0.97;
  private static final int PATIENCE_MAX = 32;
  private static final int ROUND_COUNT_MIN = 24;
  private static final int ROUND_COUNT_MIN_AT_FIRST = 8;
  private static final int DATOMS_OF_A_TRANSACTION = 16; // what one costs before its first datom

  private static final double WIDENING = 1.5;
  private static final double NARROWING = 0.99;
  private static final double GAP_NANOS_FIRST = 50e3;
  private static final double GAP_NANOS_MIN = 20e3;
  private static final double GAP_NANOS_MAX = 50e6;

  private final TransactionsInFlight bounds;
  private final LongSupplier nanoClock;

  private int settled; // what has proved best
  private int size; // what is tried now
  private double settledRate;
  private boolean isUpNext = true;
  private boolean isFirstClimb = true;
  private int patience;
  private int roundsSinceTrial;
  private int roundCount;
  private long roundWeight;
  private long roundStartNanos;

  private double gapNanos;
  private long lastSentNanos;
  private long lastAccidentNanos;

  public FlightControl(TransactionsInFlight bounds) {
    this(bounds, System::nanoTime);
  }

  FlightControl(TransactionsInFlight bounds, LongSupplier nanoClock) {
    this.bounds = bounds;
    this.nanoClock = nanoClock;
    this.settled = bounds.countMin();
    this.size = settled;
    this.roundStartNanos = nanoClock.getAsLong();
    this.lastSentNanos = roundStartNanos;
    this.lastAccidentNanos = roundStartNanos;
  }

  /** Measures anew from here, after a time without work. */
  public void startRound() {
    roundCount = 0;
    roundWeight = 0;
    roundStartNanos = nanoClock.getAsLong();
  }

  int size() {
    return size;
  }

  long gapNanos() {
    return gapNanos < GAP_NANOS_MIN ? 0 : (long) gapNanos;
  }

  /** Waits until the next transaction may be sent; returns the time. */
  long awaitTurn() {
    long gap = gapNanos();
    if (gap > 0) {
      for (long left = gap - (nanoClock.getAsLong() - lastSentNanos);
          left > 0 && !Thread.currentThread().isInterrupted();
          left = gap - (nanoClock.getAsLong() - lastSentNanos)) {
        LockSupport.parkNanos(left);
      }
    }
    return nanoClock.getAsLong();
  }

  /** Notes that a transaction was sent; the distance to the next one counts from there. */
  void sent(long nanos) {
    lastSentNanos = nanos;
  }

  /**
   * Notes that a transaction arrived before its predecessor.
   *
   * @param sentNanos when it was sent, by the same clock
   */
  void overtook(long sentNanos) {
    if (sentNanos - lastAccidentNanos >= 0) { // else it is of the same accident
      gapNanos = Math.min(Math.max(gapNanos, GAP_NANOS_FIRST) * WIDENING, GAP_NANOS_MAX);
      lastAccidentNanos = nanoClock.getAsLong();
    }
  }

  /** Notes that the target was busy, or out of reach. */
  void disturbed() {
    isFirstClimb = false;
    settleAt(Math.max(bounds.countMin(), size / 2));
    startRound();
  }

  void committed(int datomCount) {
    gapNanos *= NARROWING;
    if (bounds.countMin() == bounds.countMax()) {
      return;
    }
    roundWeight += DATOMS_OF_A_TRANSACTION + datomCount;
    int least = isFirstClimb ? ROUND_COUNT_MIN_AT_FIRST : ROUND_COUNT_MIN;
    if (++roundCount >= Math.max(least, 3 * size)) {
      endRound(roundWeight / (double) Math.max(1, nanoClock.getAsLong() - roundStartNanos));
      startRound();
    }
  }

  private void endRound(double rate) {
    if (size == settled) {
      settledRate = rate;
      if (roundsSinceTrial++ >= patience) {
        roundsSinceTrial = 0;
        tryAnother();
      }
      return;
    }
    boolean isBetter = rate >= settledRate * (size > settled ? WORTH_MORE : WORTH_FEWER);
    if (isBetter) {
      settledRate = rate;
      settleAt(size);
      if (isFirstClimb && settled < bounds.countMax()) {
        tryAnother();
      }
    } else {
      isFirstClimb = false;
      size = settled;
      isUpNext = !isUpNext;
      patience = Math.min(PATIENCE_MAX, patience * 2 + 1);
    }
  }

  private void tryAnother() {
    int more = Math.min(bounds.countMax(), settled * 2);
    int fewer = Math.max(bounds.countMin(), settled / 2);
    size = (isUpNext && more > settled) || fewer == settled ? more : fewer;
  }

  private void settleAt(int count) {
    settled = count;
    size = count;
    patience = 0;
    roundsSinceTrial = 0;
  }
}
