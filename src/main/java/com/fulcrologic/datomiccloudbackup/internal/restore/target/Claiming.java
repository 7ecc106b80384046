package com.fulcrologic.datomiccloudbackup.internal.restore.target;

import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Basis;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetInUseException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.log.BaseSchema;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.Bootstrap;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.TransactionDates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Claims an empty target for a restore, or recognizes one that the same restore has begun.
 *
 * <p>The installation, the first transaction of a restore, claims the target, so that one restore
 * only can begin, and installs the bookkeeping attributes. It is dated exactly at the epoch: no
 * transaction can be dated before that, and so none of the source before this one.
 */
public final class Claiming {
  /** The refusal of a transaction dated at the epoch after another restore's transaction. */
  private static final String PAST = ":db.error/past-tx-instant";

  private static final String ATTRIBUTES =
      """
      [{:db/ident       :com.fulcrologic.datomic-cloud-backup.cloning/original-id
        :db/valueType   :db.type/long
        :db/cardinality :db.cardinality/one
        :db/doc         "On every restored entity: its id in the source."
        %s}
       {:db/ident       :com.fulcrologic.datomic-cloud-backup.cloning/source-t
        :db/valueType   :db.type/long
        :db/cardinality :db.cardinality/one
        :db/doc         "On every restored transaction: its t in the source."
        :db/unique      :db.unique/value}
       {:db/ident       :com.fulcrologic.datomic-cloud-backup.cloning/preparation
        :db/valueType   :db.type/tuple
        :db/cardinality :db.cardinality/one
        :db/doc         "On a transaction that only prepares a large one: the source t before it, \
      its number."
        :db/tupleTypes  [:db.type/long :db.type/long]
        :db/unique      :db.unique/value}
       {:db/ident       :com.fulcrologic.datomic-cloud-backup.cloning/last-source-transaction
        :db/valueType   :db.type/long
        :db/cardinality :db.cardinality/one
        :db/doc         "On itself: the last restored source t, as of the end of a segment or a \
      call."
        :db/noHistory   true}]
      """;

  private static final String ORIGINAL_INSTANT =
      """
      {:db/ident       :com.fulcrologic.datomic-cloud-backup.cloning/original-instant
       :db/valueType   :db.type/instant
       :db/cardinality :db.cardinality/one
       :db/doc         "On what stands for a source transaction before the baseline: its date."}
      """;

  private final DatomicConnection target;
  private final TargetInspector inspector;
  private final RetryPolicy retryPolicy;

  public Claiming(DatomicConnection target, RetryPolicy retryPolicy) {
    this.target = target;
    this.inspector = new TargetInspector(target, retryPolicy);
    this.retryPolicy = retryPolicy;
  }

  public TargetInspector inspector() {
    return inspector;
  }

  /**
   * Recognizes a target that the same restore has begun, and refuses any other that is not empty;
   * writes nothing.
   */
  public Optional<TargetState> recognize(Claim wanted) {
    Retries.whileTransient(retryPolicy, target::freshBasisT);
    Bootstrap bootstrap = inspector.bootstrap();
    Optional<Claim> claim = inspector.claim();
    if (claim.isEmpty()) {
      long basisT = Retries.whileTransient(retryPolicy, target::basisT);
      if (bootstrap.lastT() == basisT) {
        return Optional.empty();
      }
      claim = inspector.claim(); // another restore may have claimed it just now
      if (claim.isEmpty()) {
        throw notEmpty(bootstrap.lastT() + 1, basisT);
      }
    }
    claim.get().requireSame(wanted);
    TargetPosition position = inspector.position();
    return Optional.of(new TargetState(claim.get(), position, bootstrap.baseSchema()));
  }

  /**
   * The last restored source transaction; empty when the target was not begun, or nothing is
   * restored yet. Refuses a target that was begun from another backup.
   */
  public Optional<SourcePoint> restored(String backupName) {
    Optional<Claim> claim = inspector.claim();
    if (claim.isEmpty()) {
      return Optional.empty();
    }
    claim.get().requireBackup(backupName);
    TargetPosition position = inspector.position();
    return position.isNothingRestored()
        ? Optional.empty()
        : Optional.of(new SourcePoint(position.sourceT(), dateOf(position.sourceT())));
  }

  /** A restored transaction keeps the date that it has in the source. */
  private Instant dateOf(long sourceT) {
    return Retries.whileTransient(
        retryPolicy,
        () -> {
          try (Stream<Datom> restored =
              target.datoms(View.CURRENT, Index.AVET, Bookkeeping.SOURCE_T, sourceT)) {
            return restored
                .findFirst()
                .map(datom -> TransactionDates.of(target, datom.e()))
                .orElse(Instant.EPOCH);
          }
        });
  }

  /**
   * Claims an empty target.
   *
   * @throws TargetInUseException when another restore has just claimed it
   * @throws TargetNotRestorableException when another writer has just written to it
   */
  public TargetState claim(Claim claim, BaseSchema baseSchema) {
    long lastBootstrapT = inspector.bootstrap().lastT(); // not the basis: it may have moved on
    for (int attempt = 1; ; attempt++) {
      try {
        install(lastBootstrapT, claim, baseSchema);
        break;
      } catch (TargetInUseException claimed) {
        Basis.atLeast(target, lastBootstrapT + 1);
        if (attempt == 1 || inspector.claim().isEmpty()) {
          throw claimed;
        }
        break; // perhaps by an attempt of ours, whose outcome was unknown
      } catch (AnomalyException unknownOutcome) {
        if (!unknownOutcome.anomaly().isTransient() || attempt >= retryPolicy.attemptCountMax()) {
          throw unknownOutcome;
        }
        Retries.pauseAfter(retryPolicy, attempt);
        Retries.whileTransient(retryPolicy, target::freshBasisT);
        if (inspector.claim().isPresent()) {
          break;
        }
      }
    }
    inspector.claim().ifPresent(found -> found.requireSame(claim));
    TargetPosition position = inspector.position();
    if (!position.isUntouched()) {
      throw new TargetInUseException(
          "Failed to claim database %s: another restore has begun to write to it"
              .formatted(target.databaseName()),
          "let that restore continue, or stop it and run this one again");
    }
    return new TargetState(claim, position, baseSchema);
  }

  /** Transacts the installation, if the basis is still the last bootstrap transaction. */
  private void install(long lastBootstrapT, Claim claim, BaseSchema baseSchema) {
    try {
      target.transact(txData(lastBootstrapT, claim, baseSchema));
    } catch (AnomalyException refused) {
      if (refused.anomaly() == Anomaly.CONFLICT || refused.isDatabaseError(PAST)) {
        throw new TargetInUseException(
            "Failed to claim database %s: another restore has just claimed it"
                .formatted(target.databaseName()),
            "let that restore continue, or stop it and run this one again",
            refused);
      }
      throw refused;
    }
  }

  private static List<Object> txData(long lastBootstrapT, Claim claim, BaseSchema baseSchema) {
    // Datomic Pro finds a value by its attribute in an index that has to be asked for.
    boolean hasIndex = baseSchema.id(BuiltIns.INDEX) != null;
    List<Object> txData = new ArrayList<>();
    txData.add(
        TxData.compareAndSwap(
            Transaction.entityId(lastBootstrapT), BuiltIns.DOC, null, claim.text()));
    txData.add(TxData.add(TxData.CURRENT_TRANSACTION, BuiltIns.TX_INSTANT, TransactionDates.EPOCH));
    txData.addAll((List<?>) Edn.read(ATTRIBUTES.formatted(hasIndex ? ":db/index true" : "")));
    if (claim.baselineT().isPresent()) {
      txData.add(Edn.read(ORIGINAL_INSTANT));
    }
    return txData;
  }

  private TargetNotRestorableException notEmpty(long firstT, long lastT) {
    return new TargetNotRestorableException(
        ("Failed to restore into database %s: it is not empty; its t %s to %s were written by "
                + "others")
            .formatted(target.databaseName(), firstT, lastT),
        "restore into a new, empty database");
  }
}
