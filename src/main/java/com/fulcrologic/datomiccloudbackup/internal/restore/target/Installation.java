package com.fulcrologic.datomiccloudbackup.internal.restore.target;

import clojure.lang.Keyword;
import clojure.lang.PersistentArrayMap;
import clojure.lang.PersistentVector;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetInUseException;
import com.fulcrologic.datomiccloudbackup.internal.log.BaseSchema;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.TransactionDates;
import java.util.ArrayList;
import java.util.List;

/**
 * The first transaction of a restore: it claims an empty target, so that one restore only can
 * begin, and installs the bookkeeping attributes. Dated exactly at the epoch: no transaction can be
 * dated before that, and so none of the source before this one.
 */
public final class Installation {

  /** The refusal of a transaction dated at the epoch after another restore's transaction. */
  private static final String PAST = ":db.error/past-tx-instant";

  private Installation() {}

  /**
   * Transacts the installation.
   *
   * @param lastBootstrapT the t of the target's last bootstrap transaction, and its basis
   * @param baseSchema the target's
   * @throws TargetInUseException when another restore has just claimed the target
   * @throws AnomalyException when Datomic refuses or fails; after a transient category, the outcome
   *     is unknown
   */
  static void transact(
      DatomicConnection target, long lastBootstrapT, Claim claim, BaseSchema baseSchema) {
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
    Object[] indexed = hasIndex ? new Object[] {BuiltIns.INDEX, true} : new Object[0];
    List<Object> txData = new ArrayList<>();
    txData.add(
        TxData.compareAndSwap(
            Transaction.entityId(lastBootstrapT), BuiltIns.DOC, null, claim.text()));
    txData.add(TxData.add(TxData.CURRENT_TRANSACTION, BuiltIns.TX_INSTANT, TransactionDates.EPOCH));
    txData.add(
        attribute(
            Bookkeeping.ORIGINAL_ID,
            BuiltIns.TYPE_LONG,
            "On every restored entity: its id in the source.",
            indexed));
    txData.add(
        attribute(
            Bookkeeping.SOURCE_T,
            BuiltIns.TYPE_LONG,
            "On every restored transaction: its t in the source.",
            BuiltIns.UNIQUE,
            BuiltIns.UNIQUE_VALUE));
    txData.add(
        attribute(
            Bookkeeping.PREPARATION,
            BuiltIns.TYPE_TUPLE,
            "On a transaction that only prepares a large one: the source t before it, its number.",
            BuiltIns.TUPLE_TYPES,
            PersistentVector.create(BuiltIns.TYPE_LONG, BuiltIns.TYPE_LONG),
            BuiltIns.UNIQUE,
            BuiltIns.UNIQUE_VALUE));
    txData.add(
        attribute(
            Bookkeeping.LAST_SOURCE_TRANSACTION,
            BuiltIns.TYPE_LONG,
            "On itself: the last restored source t, as of the end of a segment or a call.",
            BuiltIns.NO_HISTORY,
            true));
    if (claim.baselineT().isPresent()) {
      txData.add(
          attribute(
              Bookkeeping.ORIGINAL_INSTANT,
              BuiltIns.TYPE_INSTANT,
              "On what stands for a source transaction before the baseline: its date."));
    }
    return txData;
  }

  private static Object attribute(Keyword ident, Keyword valueType, String doc, Object... more) {
    List<Object> properties = new ArrayList<>();
    properties.addAll(
        List.of(
            BuiltIns.IDENT,
            ident,
            BuiltIns.VALUE_TYPE,
            valueType,
            BuiltIns.CARDINALITY,
            BuiltIns.CARDINALITY_ONE,
            BuiltIns.DOC,
            doc));
    properties.addAll(List.of(more));
    return PersistentArrayMap.createWithCheck(properties.toArray());
  }
}
