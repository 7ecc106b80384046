package com.fulcrologic.datomiccloudbackup.testing;

import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** Disturbs each transact of a real connection as a plan says, by its number from 1. */
public final class DisturbedConnection extends ForwardingConnection {
  private final IntFunction<Disturbance> plan;
  private volatile int number;
  private final Queue<List<?>> late = new ConcurrentLinkedQueue<>();
  private final AtomicInteger refusedLateCount = new AtomicInteger();
  private volatile long intruderT;

  /** What happens to one call. */
  public enum Disturbance {
    /** Nothing. */
    NONE,
    /** The process dies before the request is sent. */
    DEATH_BEFORE,
    /** The process dies after the commit, before the reply. */
    DEATH_AFTER,
    /** The request is lost: unavailable. */
    LOST_REQUEST,
    /** The commit happens, and the reply is lost: unavailable. */
    LOST_REPLY,
    /** The system is busy, and does nothing. */
    BUSY,
    /** The request is held up: unavailable, but it arrives, just before a later one. */
    LATE,
    /** Somebody else commits a transaction just before. */
    INTRUDER
  }

  /** Stands for the end of the process: nothing may catch it. */
  public static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }

  public DisturbedConnection(DatomicConnection real, IntFunction<Disturbance> plan) {
    super(real);
    this.plan = plan;
  }

  @Override
  public TransactionReport transact(List<?> txData) {
    Disturbance disturbance;
    synchronized (plan) {
      number++;
      disturbance = plan.apply(number);
    }
    arriveLate();
    switch (disturbance) {
      case LATE -> {
        late.add(txData);
        throw anomaly(Anomaly.UNAVAILABLE);
      }
      case DEATH_BEFORE -> throw new Death();
      case LOST_REQUEST -> throw anomaly(Anomaly.UNAVAILABLE);
      case BUSY -> throw anomaly(Anomaly.BUSY);
      case INTRUDER -> intrude();
      default -> {
        // goes on
      }
    }
    TransactionReport report = super.transact(txData);
    switch (disturbance) {
      case DEATH_AFTER -> throw new Death();
      case LOST_REPLY -> throw anomaly(Anomaly.UNAVAILABLE);
      default -> {
        return report;
      }
    }
  }

  /** Every other call finds one that was held up before it. */
  private void arriveLate() {
    List<?> held = number % 2 == 0 ? late.poll() : null;
    if (held != null) {
      try {
        super.transact(held);
      } catch (AnomalyException nobodyListens) {
        refusedLateCount.incrementAndGet();
      }
    }
  }

  /** How many of those that were held up were refused when they arrived. */
  public int refusedLateCount() {
    return refusedLateCount.get();
  }

  /** The t of the intruder's transaction, in the target. */
  public long intruderT() {
    return intruderT;
  }

  private void intrude() {
    Object epoch = new java.util.Date(0);
    List<Object> last;
    try (var log =
        real()
            .txRange(
                new com.fulcrologic.datomiccloudbackup.TxRange(
                    real().basisT(), real().basisT() + 1))) {
      last =
          log.flatMap(tx -> tx.datoms().stream())
              .filter(datom -> datom.v() instanceof java.util.Date && datom.e() == datom.tx())
              .map(datom -> datom.v())
              .toList();
    }
    intruderT =
        real()
            .transact(
                List.of(
                    com.fulcrologic.datomiccloudbackup.datomic.TxData.add(
                        "datomic.tx",
                        clojure.lang.Keyword.intern("db", "txInstant"),
                        last.isEmpty() ? epoch : last.get(0))))
            .basisTAfter();
  }

  private static AnomalyException anomaly(Anomaly category) {
    return new AnomalyException("transact", category, null, null);
  }
}
