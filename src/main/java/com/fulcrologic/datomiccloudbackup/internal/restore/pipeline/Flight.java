package com.fulcrologic.datomiccloudbackup.internal.restore.pipeline;

import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.Step;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.TargetPosition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step on its way into the target, from when it is its turn until it is known to be committed.
 * Mutable; of the thread that restores.
 */
final class Flight {
  private final Step step;
  private final List<Object> txData;
  private boolean isToBeSent = true;
  private boolean isFirst;
  private long sentNanos;
  private boolean outcomeUnknown;
  private int earlyCount;
  private @Nullable TransactionReport report;
  private @Nullable AnomalyException failure;

  /**
   * @param before where the target stands, once all that precedes it is committed
   */
  Flight(Step step, TargetPosition before) {
    this.step = step;
    this.txData = step.txData(before);
  }

  Step step() {
    return step;
  }

  List<Object> txData() {
    return txData;
  }

  boolean isToBeSent() {
    return isToBeSent;
  }

  /**
   * Noted before it is sent.
   *
   * @param nothingPrecedes whether all that precedes it is committed
   * @param nanos when, by the clock of {@link FlightControl}
   */
  void isSent(boolean nothingPrecedes, long nanos) {
    isToBeSent = false;
    sentNanos = nanos;
    isFirst = nothingPrecedes;
    failure = null;
  }

  void isToBeSentAgain() {
    isToBeSent = true;
  }

  /** It came before its predecessor, and is to be sent again. */
  void cameTooEarly() {
    earlyCount++;
    isToBeSent = true;
  }

  /** How often it came before its predecessor. */
  int earlyCount() {
    return earlyCount;
  }

  /** Whether nothing preceded it when it was sent, so that it cannot have come too early. */
  boolean wasFirst() {
    return isFirst;
  }

  long sentNanos() {
    return sentNanos;
  }

  /** Whether the other one was sent later, or sent again. */
  boolean wasSentBefore(Flight other) {
    return sentNanos - other.sentNanos < 0;
  }

  /** The answer, if it went well. */
  @Nullable TransactionReport report() {
    return report;
  }

  void reported(TransactionReport answer) {
    report = answer;
  }

  /** The latest failure, if there was one. */
  @Nullable AnomalyException failure() {
    return failure;
  }

  void failed(AnomalyException anomaly) {
    failure = anomaly;
    outcomeUnknown |= anomaly.anomaly().isTransient();
  }

  /** Whether it may be committed, or may yet be, although it was not said so. */
  boolean isOutcomeUnknown() {
    return outcomeUnknown || report != null;
  }
}
