package com.fulcrologic.datomiccloudbackup.testing;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import java.util.Date;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** Disturbs each transact of a real connection as a plan says, by its number from 1. */
public final class DisturbedConnection extends ForwardingConnection {
  private static final int INTRUSION_ATTEMPT_COUNT_MAX = 100;

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
    /** Its clock is behind: it refuses a date in its future, and does nothing. */
    CLOCK_BEHIND,
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
      case CLOCK_BEHIND -> refuseTheFuture();
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

  /** In Datomic's own words: this is as late for its clock as what came is for one behind. */
  private void refuseTheFuture() {
    Object late = java.util.Date.from(java.time.Instant.parse("3000-01-01T00:00:00Z"));
    real()
        .transact(
            List.of(
                com.fulcrologic.datomiccloudbackup.datomic.TxData.add(
                    "datomic.tx", clojure.lang.Keyword.intern("db", "txInstant"), late)));
    throw new AssertionError("Datomic refuses what is dated in its future");
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

  /** Dated like the last transaction; another may come between the look and the intrusion. */
  private void intrude() {
    for (int attempt = 1; ; attempt++) {
      try {
        intruderT =
            real()
                .transact(
                    List.of(
                        TxData.add(
                            TxData.CURRENT_TRANSACTION,
                            Keyword.intern("db", "txInstant"),
                            lastDate())))
                .basisTAfter();
        return;
      } catch (AnomalyException overtaken) {
        if (attempt == INTRUSION_ATTEMPT_COUNT_MAX) {
          throw overtaken;
        }
      }
    }
  }

  private Date lastDate() {
    long basisT = real().basisT();
    try (Stream<Transaction> log = real().txRange(new TxRange(basisT, basisT + 1))) {
      return log.flatMap(transaction -> transaction.datoms().stream())
          .filter(datom -> datom.v() instanceof Date && datom.e() == datom.tx())
          .map(datom -> (Date) datom.v())
          .findFirst()
          .orElse(new Date(0));
    }
  }

  private static AnomalyException anomaly(Anomaly category) {
    return new AnomalyException("transact", category, null, null);
  }
}
