package com.fulcrologic.datomiccloudbackup.internal.restore.pipeline;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Basis;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetInUseException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.NewIds;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.Step;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.TargetInspector;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.TargetPosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transacts step after step into one target, each exactly once and in order, whatever happens on
 * the way, and several at once if that is faster. Each step is linked to the one before, so that
 * the target rejects a step that arrives too early; the step is resent. After any other failure,
 * nothing is sent until all steps under way are answered. Then the position is read from the
 * target, never assumed. Mutable; one thread.
 */
public final class Pipeline implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);
  private static final String FUTURE = ":db.error/future-tx-instant";
  private static final String PAST = ":db.error/past-tx-instant";
  private static final String NOT_AN_ENTITY = ":db.error/not-an-entity";
  private static final int EARLY_COUNT_MAX = 3;

  private final DatomicConnection target;
  private final TargetInspector inspector;
  private final RetryPolicy retryPolicy;
  private final FlightControl control;
  private final Couriers couriers;
  private final Deque<Flight> flights = new ArrayDeque<>(); // in their order
  private @Nullable Flight latest; // of those that are committed
  private final List<Landed> landed = new ArrayList<>(); // not taken yet
  private @Nullable Step refused;
  private TargetPosition position;
  private TargetPosition positionAhead;

  public Pipeline(
      DatomicConnection target,
      TargetInspector inspector,
      RetryPolicy retryPolicy,
      FlightControl control,
      TargetPosition position) {
    this.target = target;
    this.inspector = inspector;
    this.retryPolicy = retryPolicy;
    this.control = control;
    this.couriers = new Couriers(target);
    this.position = position;
    this.positionAhead = position;
  }

  /** The target's position as of the last step that is known to be committed. */
  public TargetPosition position() {
    return position;
  }

  /**
   * A step that is committed.
   *
   * @param tx the target's transaction entity
   * @param tuples the tuples that it asserts
   * @param entities the target's entity ids, by tempid
   */
  public record Landed(
      Step step, long tx, int datomCount, List<List<?>> tuples, Map<String, Long> entities) {}

  /**
   * Sends a step after those before it, and returns when there is room for the next, which may be
   * before it is committed. An exception may concern a step before it.
   *
   * @throws TargetInUseException when another restore has taken the target
   * @throws TargetNotRestorableException when another writer has written to the target
   * @throws AnomalyException when Datomic refuses a step for good ({@link #refused}), or keeps
   *     failing
   */
  public void send(Step step) {
    if (control.size() == 1) {
      awaitAll();
      land(enqueue(step));
      return;
    }
    while (flights.size() >= control.size()) {
      settleOne();
    }
    enqueue(step);
    sendWaiting();
    for (Couriers.Reply reply = couriers.poll(); reply != null; reply = couriers.poll()) {
      settle(reply);
    }
  }

  /** The step that Datomic has refused for good; null when there is none. */
  public @Nullable Step refused() {
    return refused;
  }

  public List<Landed> takeLanded() {
    List<Landed> taken = List.copyOf(landed);
    landed.clear();
    return taken;
  }

  /** Returns when all steps are committed; throws as {@link #send}. */
  public void awaitAll() {
    while (!flights.isEmpty()) {
      settleOne();
    }
  }

  /** Returns when all steps up to this source t are committed. */
  public void awaitThrough(long t) {
    while (!flights.isEmpty() && flights.getFirst().step.t() <= t) {
      settleOne();
    }
  }

  @Override
  public void close() {
    couriers.close();
  }

  /** Makes sure that the target is where this restore left it; names the t that comes next. */
  public void requireNotMoved(long t) {
    awaitAll();
    if (hasMoved(false)) {
      throw inUse(t, null);
    }
  }

  private Flight enqueue(Step step) {
    Flight flight = new Flight(step, positionAhead);
    positionAhead = step.after(positionAhead, positionAhead.basisT() + 1);
    flights.add(flight);
    return flight;
  }

  /**
   * Sends what waits, in order. After a step was resent, the steps sent behind it before that
   * arrive too early for certain. So all that follows waits until these are answered, and goes
   * behind them. A step that arrived too early a few times waits until nothing precedes it: its
   * predecessor may be lost, and more attempts would be a storm.
   */
  private void sendWaiting() {
    Flight before = latest;
    for (Flight flight : flights) {
      if (flight.isToBeSent) {
        boolean isFirst = flight == flights.getFirst();
        if (couriers.inTheAirCount() >= control.size()
            || (!isFirst && flight.earlyCount >= EARLY_COUNT_MAX)) {
          return;
        }
        flight.isSent(isFirst, awaitTurn());
        couriers.send(flight);
      } else if (flight.report == null && before != null && flight.wasSentBefore(before)) {
        return;
      }
      before = flight;
    }
  }

  private long awaitTurn() {
    couriers.awaitDeparture().ifPresent(control::sent);
    return control.awaitTurn();
  }

  private void settleOne() {
    settle(couriers.take());
  }

  private void settle(Couriers.Reply reply) {
    note(reply);
    retireReported();
    if (reply.report() == null) {
      if (cameTooEarly(reply.flight())) {
        control.overtook(reply.flight().sentNanos);
        reply.flight().cameTooEarly();
      } else {
        recover();
      }
    }
    sendWaiting();
  }

  /** Notes an answer; throws a failure that does not come from Datomic. */
  private void note(Couriers.Reply reply) {
    TransactionReport report = reply.report();
    Throwable failure = reply.failure();
    if (report != null) {
      reply.flight().reported(report);
    } else if (failure instanceof AnomalyException anomaly) {
      reply.flight().failed(anomaly);
    } else if (failure instanceof Error error) {
      throw error;
    } else if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  private static boolean cameTooEarly(Flight flight) {
    AnomalyException failure = flight.failure;
    return failure != null && !flight.wasFirst && failure.isDatabaseError(NOT_AN_ENTITY);
  }

  private void retireReported() {
    while (!flights.isEmpty()) {
      TransactionReport report = flights.getFirst().report;
      if (report == null) {
        return;
      }
      if (report.basisTBefore() != position.basisT()) {
        throw foreign(position.basisT() + 1, report.basisTBefore());
      }
      Long tx = report.tempids().get(TxData.CURRENT_TRANSACTION);
      retire(
          report.basisTAfter(),
          new Landed(
              flights.getFirst().step,
              tx == null ? Transaction.entityId(report.basisTAfter()) : tx,
              report.datomCount(),
              report.tuples(),
              report.tempids()));
    }
  }

  private void retire(long basisT, Landed committed) {
    Flight flight = flights.removeFirst();
    latest = flight;
    position = flight.step.after(position, basisT);
    control.committed(committed.datomCount());
    landed.add(committed);
  }

  /** Recovers from a failure: waits for all steps under way, and lands the first by itself. */
  private void recover() {
    while (couriers.inTheAirCount() > 0) {
      note(couriers.take());
    }
    retireReported();
    control.disturbed();
    if (!flights.isEmpty()) {
      land(flights.getFirst());
    }
    for (Flight flight : flights) {
      if (flight.report == null) {
        flight.isToBeSentAgain();
      }
    }
  }

  /**
   * Transacts the first flight in this thread until it is committed; nothing else is in the air.
   */
  private void land(Flight first) {
    boolean wasTried = first.wasFirst && first.failure != null;
    for (int attempt = 1; ; attempt++) {
      AnomalyException failure = wasTried ? first.failure : attempt(first);
      wasTried = false;
      if (failure == null) {
        return;
      }
      boolean mayRepeat =
          (failure.anomaly().isTransient() || failure.isDatabaseError(FUTURE))
              && attempt < retryPolicy.attemptCountMax();
      if (mayRepeat) {
        LOG.info(
            "retrying t={} attempt={} reason={}", first.step.t(), attempt, failure.getMessage());
        Retries.pauseAfter(retryPolicy, attempt);
      } else if (!mayMeanMoved(failure) && flights.stream().noneMatch(Flight::isOutcomeUnknown)) {
        throw refused(first, failure);
      }
      if (hasMoved(mayMeanMoved(failure))) {
        recognize(failure);
        if (flights.peekFirst() != first) {
          return;
        }
      }
      if (!mayRepeat) {
        throw refused(first, failure);
      }
    }
  }

  /** Transacts the first flight once; null when it succeeded. */
  private @Nullable AnomalyException attempt(Flight first) {
    first.isSent(/* nothingPrecedes= */ true, awaitTurn());
    try {
      first.reported(target.transact(first.txData));
    } catch (AnomalyException anomaly) {
      first.failed(anomaly);
      return anomaly;
    }
    retireReported();
    return null;
  }

  /** Whether the refusal may mean that the step is committed already, or its predecessor is not. */
  private static boolean mayMeanMoved(AnomalyException anomaly) {
    return anomaly.anomaly() == Anomaly.CONFLICT
        || anomaly.isDatabaseError(NOT_AN_ENTITY)
        || anomaly.isDatabaseError(PAST);
  }

  /**
   * Whether the target holds more than the replies showed, some of which may be lost.
   *
   * @param isExpected whether Datomic has just reported so; then the call waits for a node that is
   *     behind
   */
  private boolean hasMoved(boolean isExpected) {
    long nextT = position.basisT() + 1;
    return Retries.whileTransient(
            retryPolicy, isExpected ? () -> Basis.atLeast(target, nextT) : target::freshBasisT)
        >= nextT;
  }

  /** Recognizes the steps that the target holds, whose replies were lost, or another writer's. */
  private void recognize(AnomalyException cause) {
    for (Transaction found : inspector.logAfter(position.basisT(), flights.size() + 1)) {
      TargetPosition after =
          inspector.positionAt(found).orElseThrow(() -> foreign(found.t(), found.t()));
      Flight first = flights.peekFirst();
      if (first == null
          || !first.isOutcomeUnknown()
          || !after.equals(first.step.after(position, found.t()))) {
        throw inUse(after.sourceT(), cause);
      }
      LOG.info("found committed t={} after a lost reply", first.step.t());
      Map<String, Long> entities = new HashMap<>();
      inspector
          .originalIdsOf(found)
          .forEach((source, entity) -> entities.put(NewIds.tempid(source), entity));
      List<List<?>> tuples = new ArrayList<>();
      for (Datom datom : found.datoms()) {
        if (datom.added() && datom.v() instanceof List<?> tuple) {
          tuples.add(tuple);
        }
      }
      retire(
          found.t(), new Landed(first.step, found.tx(), found.datoms().size(), tuples, entities));
    }
  }

  private TargetInUseException inUse(long t, @Nullable AnomalyException cause) {
    return new TargetInUseException(
        ("Failed to restore t %s into database %s: another restore is writing to it, and has "
                + "restored t %s")
            .formatted(t, target.databaseName(), inspector.position().sourceT()),
        "let that restore continue, or stop it and run this one again",
        cause);
  }

  private BackupException foreign(long firstT, long lastT) {
    return new TargetNotRestorableException(
        "Failed to continue in database %s: another writer wrote its t %s to %s"
            .formatted(target.databaseName(), firstT, lastT),
        "stop the other writer, and restore into a new database");
  }

  private AnomalyException refused(Flight flight, AnomalyException anomaly) {
    refused = flight.step;
    return new AnomalyException(
        "restore t " + flight.step.t() + " into database " + target.databaseName(),
        anomaly.anomaly(),
        anomaly.databaseError().orElse(null),
        anomaly);
  }
}
