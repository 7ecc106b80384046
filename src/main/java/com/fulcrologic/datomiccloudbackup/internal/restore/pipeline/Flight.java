package com.fulcrologic.datomiccloudbackup.internal.restore.pipeline;

import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.Step;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.TargetPosition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step on its way into the target, from its turn until it is known to be committed. Mutable, by
 * its methods alone; for the restoring thread only.
 */
final class Flight {
  final Step step;
  final List<Object> txData;
  boolean isToBeSent = true;

  /** Whether nothing preceded the step when it was sent: so it cannot have arrived too early. */
  boolean wasFirst;

  long sentNanos;

  /** How often the step arrived before its predecessor. */
  int earlyCount;

  @Nullable TransactionReport report;
  @Nullable AnomalyException failure; // the latest one
  private boolean outcomeUnknown;

  Flight(Step step, TargetPosition before) {
    this.step = step;
    this.txData = step.txData(before);
  }

  /** Notes that the step is about to be sent, and whether nothing precedes it. */
  void isSent(boolean nothingPrecedes, long nanos) {
    isToBeSent = false;
    sentNanos = nanos;
    wasFirst = nothingPrecedes;
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

  /** Whether the other step was sent, or resent, later. */
  boolean wasSentBefore(Flight other) {
    return sentNanos - other.sentNanos < 0;
  }

  void reported(TransactionReport answer) {
    report = answer;
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
