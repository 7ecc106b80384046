package com.fulcrologic.datomiccloudbackup.internal.restore.target;

import clojure.lang.PersistentVector;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import java.util.ArrayList;
import java.util.List;

/** One transaction of a restore, complete except for its link to the one before. Immutable. */
public sealed interface Step {

  /** The source t that it restores or prepares. */
  long t();

  /** All forms except the link, which depends on the target's position. */
  List<Object> forms();

  /** The form that marks the transaction as this step. */
  Object number(TargetPosition before);

  TargetPosition after(TargetPosition before, long basisT);

  default List<Object> txData(TargetPosition before) {
    List<Object> txData = new ArrayList<>(before.link());
    txData.add(number(before));
    txData.addAll(forms());
    return txData;
  }

  /**
   * Restores a source transaction.
   *
   * @param withOriginalId whether the forms hold the original id of the transaction's own entity
   */
  record Restoration(long t, List<Object> forms, boolean withOriginalId) implements Step {
    @Override
    public Object number(TargetPosition before) {
      return TxData.add(TxData.CURRENT_TRANSACTION, Bookkeeping.SOURCE_T, t);
    }

    @Override
    public TargetPosition after(TargetPosition before, long basisT) {
      return new TargetPosition(basisT, t, 0, !withOriginalId);
    }
  }

  /** Makes entities, or adds what a transaction had no room for. Holds bookkeeping alone. */
  record Preparation(long t, List<Object> forms) implements Step {
    @Override
    public Object number(TargetPosition before) {
      Object next = PersistentVector.create(before.sourceT(), before.preparationCount() + 1);
      return TxData.add(TxData.CURRENT_TRANSACTION, Bookkeeping.PREPARATION, next);
    }

    @Override
    public TargetPosition after(TargetPosition before, long basisT) {
      return new TargetPosition(basisT, before.sourceT(), before.preparationCount() + 1, false);
    }
  }

  /** Adds bookkeeping of the restored transaction; its original-id, too, if that had no room. */
  static Step completion(long t, boolean withOriginalId, Object instant) {
    List<Object> forms = new ArrayList<>();
    if (withOriginalId) {
      forms.add(
          TxData.add(
              TxData.lookupRef(Bookkeeping.SOURCE_T, t),
              Bookkeeping.ORIGINAL_ID,
              Transaction.entityId(t)));
    }
    forms.add(marker(t));
    forms.add(TxData.add(TxData.CURRENT_TRANSACTION, BuiltIns.TX_INSTANT, instant));
    return new Preparation(t, forms);
  }

  static Object marker(long t) {
    return TxData.add(Bookkeeping.LAST_SOURCE_TRANSACTION, Bookkeeping.LAST_SOURCE_TRANSACTION, t);
  }
}
