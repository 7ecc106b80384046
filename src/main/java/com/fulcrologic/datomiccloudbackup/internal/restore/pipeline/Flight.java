package com.fulcrologic.datomiccloudbackup.internal.restore.pipeline;

import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.Step;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.TargetPosition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step on its way into the target, from its turn until it is known to be committed. Mutable; for
 * the restoring thread only.
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

  /** Notes that the step is about to be sent, and whether nothing precedes it. */
  void isSent(boolean nothingPrecedes, long nanos) {
    isToBeSent = false;
    sentNanos = nanos;
    isFirst = nothingPrecedes;
    failure = null;
  }

  void isToBeSentAgain() {
    isToBeSent = true;
  }

  /** Notes that the step arrived before its predecessor, and is to be resent. */
  void cameTooEarly() {
    earlyCount++;
    isToBeSent = true;
  }

  int earlyCount() {
    return earlyCount;
  }

  /**
   * Whether nothing preceded the step when it was sent, so that it cannot have arrived too early.
   */
  boolean wasFirst() {
    return isFirst;
  }

  long sentNanos() {
    return sentNanos;
  }

  /** Whether the other step was sent, or resent, later. */
  boolean wasSentBefore(Flight other) {
    return sentNanos - other.sentNanos < 0;
  }

  @Nullable TransactionReport report() {
    return report;
  }

  void reported(TransactionReport answer) {
    report = answer;
  }

  @Nullable AnomalyException failure() {
    return failure;
  }

  void failed(AnomalyException anomaly) {
    failure = anomaly;
    outcomeUnknown |= anomaly.anomaly().isTransient();
  }

  /** Whether the step may be committed, or may still become so, even without an answer. */
  boolean isOutcomeUnknown() {
    return outcomeUnknown || report != null;
  }
}
