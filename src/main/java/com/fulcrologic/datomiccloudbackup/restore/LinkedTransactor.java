package com.fulcrologic.datomiccloudbackup.restore;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.TargetInUseException;
import com.fulcrologic.datomiccloudbackup.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transacts step after step into one target, each exactly once and in order, whatever happens on
 * the way: a step is linked to the one before, and after an unknown outcome the target is asked,
 * never taken for granted. Mutable; not thread-safe.
 */
final class LinkedTransactor {
  private static final Logger LOG = LoggerFactory.getLogger(LinkedTransactor.class);
  private static final String FUTURE = ":db.error/future-tx-instant";
  private static final String PAST = ":db.error/past-tx-instant";
  private static final String NOT_AN_ENTITY = ":db.error/not-an-entity";

  private final DatomicConnection target;
  private final TargetInspector inspector;
  private final RetryPolicy retryPolicy;
  private TargetPosition position;

  LinkedTransactor(
      DatomicConnection target,
      TargetInspector inspector,
      RetryPolicy retryPolicy,
      TargetPosition position) {
    this.target = target;
    this.inspector = inspector;
    this.retryPolicy = retryPolicy;
    this.position = position;
  }

  /** Where the target stands, as of the last committed step. */
  TargetPosition position() {
    return position;
  }

  DatomicConnection target() {
    return target;
  }

  /**
   * What became of a step.
   *
   * @param tx the target's transaction entity
   * @param datomCount how many datoms it holds
   * @param entities the target's entity ids, by tempid
   */
  record Committed(long tx, int datomCount, Map<String, Long> entities) {}

  /**
   * Transacts a step.
   *
   * @throws TargetInUseException when another restore has taken it
   * @throws TargetNotRestorableException when somebody else has written to the target
   * @throws AnomalyException when Datomic refuses it, or keeps failing
   */
  Committed transact(Step step) {
    List<Object> txData = step.txData(position);
    boolean outcomeUnknown = false;
    for (int attempt = 1; ; attempt++) {
      try {
        return committed(step, target.transact(txData));
      } catch (AnomalyException anomaly) {
        outcomeUnknown |= anomaly.anomaly().isTransient();
        boolean worthRepeating = anomaly.anomaly().isTransient() || anomaly.isDatabaseError(FUTURE);
        if (worthRepeating && attempt < retryPolicy.attemptCountMax()) {
          LOG.info("retrying t={} attempt={} reason={}", step.t(), attempt, anomaly.getMessage());
          Retries.pauseAfter(retryPolicy, attempt);
        } else if (!mayMeanMoved(anomaly) && !outcomeUnknown) {
          throw refused(step, anomaly);
        }
        if (hasMoved()) {
          return recognize(step, outcomeUnknown, anomaly);
        }
        if (!worthRepeating || attempt >= retryPolicy.attemptCountMax()) {
          throw refused(step, anomaly);
        }
      }
    }
  }

  private Committed committed(Step step, TransactionReport report) {
    if (report.basisTBefore() != position.basisT()) {
      throw foreign(position.basisT() + 1, report.basisTBefore());
    }
    position = step.after(position, report.basisTAfter());
    Long tx = report.tempids().get(TxData.CURRENT_TRANSACTION);
    return new Committed(
        tx == null ? Transaction.entityId(report.basisTAfter()) : tx,
        report.datomCount(),
        report.tempids());
  }

  /**
   * Whether the refusal is what a step meets that is committed already, or whose predecessor is
   * not.
   */
  private static boolean mayMeanMoved(AnomalyException anomaly) {
    return anomaly.anomaly() == Anomaly.CONFLICT
        || anomaly.isDatabaseError(NOT_AN_ENTITY)
        || anomaly.isDatabaseError(PAST);
  }

  private boolean hasMoved() {
    return Retries.whileTransient(retryPolicy, target::basisT) != position.basisT();
  }

  /** The target has moved on: by this very step, whose reply was lost, or by somebody else's. */
  private Committed recognize(Step step, boolean outcomeUnknown, AnomalyException anomaly) {
    TargetPosition now = inspector.position();
    boolean isOurs = outcomeUnknown && now.equals(step.after(position, now.basisT()));
    if (!isOurs) {
      throw inUse(step.t(), now, anomaly);
    }
    requireNothingBetween(position.basisT(), now.basisT());
    LOG.info("found committed t={} after a lost reply", step.t());
    Map<String, Long> entities = new HashMap<>();
    inspector
        .originalIdsOf(now.basisT())
        .forEach((source, entity) -> entities.put(NewIds.tempid(source), entity));
    position = now;
    Transaction last = inspector.lastTransaction();
    return new Committed(last.tx(), last.datoms().size(), entities);
  }

  /**
   * Makes sure that the target still stands where this restore left it.
   *
   * @param t the source t that comes next, for the message
   * @throws TargetInUseException when another restore has moved it
   */
  void requireNotMoved(long t) {
    if (hasMoved()) {
      throw inUse(t, inspector.position(), null);
    }
  }

  private TargetInUseException inUse(long t, TargetPosition now, @Nullable AnomalyException cause) {
    return new TargetInUseException(
        "Failed to restore t "
            + t
            + " into database "
            + target.databaseName()
            + ": another restore is writing to it, and stands at t "
            + now.sourceT(),
        "let that restore go on, or stop it and run this one again",
        cause);
  }

  private void requireNothingBetween(long before, long after) {
    long count =
        Retries.whileTransient(
            retryPolicy,
            () -> {
              try (Stream<Transaction> log = target.txRange(new TxRange(before + 1, after + 1))) {
                return log.limit(2).count();
              }
            });
    if (count != 1) {
      throw foreign(before + 1, after - 1);
    }
  }

  private BackupException foreign(long firstT, long lastT) {
    return new TargetNotRestorableException(
        "Failed to go on in database "
            + target.databaseName()
            + ": somebody else wrote to it, its t "
            + firstT
            + " to "
            + lastT,
        "stop the other writer, and restore into a new database");
  }

  private AnomalyException refused(Step step, AnomalyException anomaly) {
    return new AnomalyException(
        "restore t " + step.t() + " into database " + target.databaseName(),
        anomaly.anomaly(),
        anomaly.databaseError().orElse(null),
        anomaly);
  }
}
