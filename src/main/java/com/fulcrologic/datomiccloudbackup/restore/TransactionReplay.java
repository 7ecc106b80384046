package com.fulcrologic.datomiccloudbackup.restore;

import com.fulcrologic.datomiccloudbackup.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.log.Schema;
import com.fulcrologic.datomiccloudbackup.restore.LinkedTransactor.Committed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Restores one source transaction: translates it, adds the bookkeeping, transacts it and learns the
 * new ids; where one transaction cannot hold it all, with preparations before it. One thread.
 *
 * <p>When a transaction is split, and how, is part of the target's format ({@link Claim#FORMAT}):
 * two restores that meet in one target must do the same.
 */
final class TransactionReplay {
  /** Datoms in a transaction at most, the one that dates it counted [Datomic Local 1.0.291]. */
  static final int DATOM_COUNT_MAX = 100_000;

  /**
   * Of a restored transaction itself: source-t, original-id, and the marker's old and new value.
   */
  private static final int OWN_DATOM_COUNT = 4;

  private final Translator translator;
  private final LinkedTransactor transactor;
  private final int datomCountMax;

  TransactionReplay(Translator translator, LinkedTransactor transactor, int datomCountMax) {
    this.translator = translator;
    this.transactor = transactor;
    this.datomCountMax = datomCountMax;
  }

  TargetPosition position() {
    return transactor.position();
  }

  /**
   * Restores the transaction that follows the target's position.
   *
   * @param schema as of before it, with the built-ins that it brings
   * @param withMarker whether it is the last one of a segment or a call
   */
  void restore(Transaction transaction, Schema schema, WorkingSet workingSet, boolean withMarker) {
    requireNotSpokenOf(transaction, workingSet);
    Translation translation = translator.translate(transaction, schema, workingSet);
    if (needsPreparation(transaction, translation)) {
      prepare(transaction, schema, translation, workingSet);
      translation = translator.translate(transaction, schema, workingSet);
    }
    boolean roomy =
        transaction.datoms().size() + translation.newIds().size() + OWN_DATOM_COUNT
            <= datomCountMax;
    long[] newIds = translation.newIds().sorted();
    List<Object> forms = originalIds(newIds);
    if (roomy) {
      forms.addAll(ownForms(TxData.CURRENT_TRANSACTION, transaction, withMarker));
    }
    forms.addAll(translation.forms());
    Committed committed = transactor.transact(new Step.Restoration(transaction.t(), forms, roomy));
    learn(newIds, committed, workingSet);
    workingSet.learn(transaction.tx(), committed.tx());
    if (!roomy) {
      complete(transaction.t(), transaction.tx(), instantOf(transaction, schema));
    }
  }

  /**
   * Says of a restored transaction what it had no room to say itself.
   *
   * @param instant the date of that transaction
   */
  void complete(long t, long sourceTx, Object instant) {
    List<Object> forms = new ArrayList<>();
    Object entity = TxData.lookupRef(Bookkeeping.SOURCE_T, t);
    forms.add(TxData.add(entity, Bookkeeping.ORIGINAL_ID, sourceTx));
    forms.add(marker(t));
    forms.add(TxData.add(TxData.CURRENT_TRANSACTION, BuiltIns.TX_INSTANT, instant));
    transactor.transact(new Step.Preparation(t, forms));
  }

  /**
   * Datomic accepts facts about, and references to, a transaction that is still to come; what
   * stands for it in the target cannot become a transaction.
   */
  private static void requireNotSpokenOf(Transaction transaction, WorkingSet workingSet) {
    if (workingSet.target(transaction.tx()) != IdMap.UNKNOWN) {
      throw new TargetNotRestorableException(
          "Failed to restore t "
              + transaction.t()
              + ": an earlier transaction speaks of this one by its id",
          "exclude the attribute that holds the id; this cannot be replayed");
    }
  }

  private boolean needsPreparation(Transaction transaction, Translation translation) {
    return translation.toBeMadeBefore().size() > 0
        || transaction.datoms().size() + translation.newIds().size() + OWN_DATOM_COUNT
            > datomCountMax;
  }

  private void prepare(
      Transaction transaction, Schema schema, Translation translation, WorkingSet workingSet) {
    long[] ids = translation.toBeMadeBefore().sorted();
    if (transaction.datoms().size() + translation.newIds().size() + OWN_DATOM_COUNT
        > datomCountMax) {
      ids =
          Arrays.stream(translation.newIds().sorted())
              .filter(id -> !translation.newAttributeIds().contains(id))
              .toArray();
    }
    int batch = datomCountMax / 2;
    for (int from = 0; from < ids.length; from += batch) {
      long[] some = Arrays.copyOfRange(ids, from, Math.min(from + batch, ids.length));
      List<Object> forms = originalIds(some);
      forms.add(
          TxData.add(
              TxData.CURRENT_TRANSACTION, BuiltIns.TX_INSTANT, instantOf(transaction, schema)));
      learn(some, transactor.transact(new Step.Preparation(transaction.t(), forms)), workingSet);
    }
  }

  /** In ascending order, so that neighbours in the source become neighbours in the target. */
  private static List<Object> originalIds(long[] ids) {
    List<Object> forms = new ArrayList<>();
    for (long id : ids) {
      forms.add(TxData.add(NewIds.tempid(id), Bookkeeping.ORIGINAL_ID, id));
    }
    return forms;
  }

  private static List<Object> ownForms(Object tx, Transaction transaction, boolean withMarker) {
    Object originalId = TxData.add(tx, Bookkeeping.ORIGINAL_ID, transaction.tx());
    return withMarker ? List.of(originalId, marker(transaction.t())) : List.of(originalId);
  }

  private static Object marker(long t) {
    return TxData.add(Bookkeeping.LAST_SOURCE_TRANSACTION, Bookkeeping.LAST_SOURCE_TRANSACTION, t);
  }

  private static void learn(long[] newIds, Committed committed, WorkingSet workingSet) {
    for (long source : newIds) {
      Long target = committed.entities().get(NewIds.tempid(source));
      if (target == null) {
        throw new IllegalStateException("Datomic did not tell the new id of a tempid");
      }
      workingSet.learn(source, target);
    }
  }

  private static Object instantOf(Transaction transaction, Schema schema) {
    for (Datom datom : transaction.datoms()) {
      if (datom.e() == transaction.tx() && BuiltIns.TX_INSTANT.equals(schema.builtIn(datom.a()))) {
        return datom.v();
      }
    }
    return Installation.EPOCH;
  }
}
