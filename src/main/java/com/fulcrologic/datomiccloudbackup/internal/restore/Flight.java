package com.fulcrologic.datomiccloudbackup.internal.restore;

import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step on its way into the target, from when it is its turn until it is known to be committed.
 * Mutable; of the thread that restores.
 */
final class Flight {
  private final Step step;
  private final List<Object> txData;
  private final Landing landing;
  private boolean isToBeSent = true;
  private boolean isFirst;
  private long sentNanos;
  private boolean outcomeUnknown;
  private int earlyCount;
  private @Nullable TransactionReport report;
  private @Nullable AnomalyException failure;

  /** Is told what becomes of a step, in the thread that restores, in the order of the steps. */
  interface Landing {
    void committed(LinkedTransactor.Committed committed);

    /** What to throw when Datomic has refused it for good. */
    default RuntimeException refused(AnomalyException refusal) {
      return refusal;
    }
  }

  /**
   * @param before where the target stands, once all that precedes it is committed
   */
  Flight(Step step, TargetPosition before, Landing landing) {
    this.step = step;
    this.txData = step.txData(before);
    this.landing = landing;
  }

  Step step() {
    return step;
  }

  List<Object> txData() {
    return txData;
  }

  Landing landing() {
    return landing;
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

  /** What came of it last, if it went badly. */
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
