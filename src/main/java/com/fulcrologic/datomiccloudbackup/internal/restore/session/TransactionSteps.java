package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.TargetLimits;
import com.fulcrologic.datomiccloudbackup.internal.log.TransactionDates;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.NewIds;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.Partitions;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.Step;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.NewEntities;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.Translation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * The steps that restore one source transaction: preparations, the restoration itself with the
 * bookkeeping, and a completion where the restoration has no room for all of it. Immutable.
 *
 * <p>When a transaction is split, and how, is part of the target's format ({@code Claim.FORMAT}):
 * two restores that meet in one target must do the same.
 */
record TransactionSteps(
    Transaction transaction, Object instant, Partitions partitions, int datomCountMax) {
  static final int DATOM_COUNT_MAX = TargetLimits.DATOM_COUNT_MAX;

  /** Bookkeeping on the transaction: source-t, original-id, the marker's old and new value. */
  private static final int OWN_DATOM_COUNT = 4;

  TransactionSteps(
      Transaction transaction, Schema schema, Partitions partitions, int datomCountMax) {
    this(
        transaction,
        TransactionDates.in(transaction, schema).map(Date::from).orElse(TransactionDates.EPOCH),
        partitions,
        datomCountMax);
  }

  /** Whether one transaction of the target holds the source's and all bookkeeping. */
  boolean isRoomy(NewEntities made) {
    return transaction.datoms().size() + made.all().size() + OWN_DATOM_COUNT <= datomCountMax;
  }

  /** The source ids of the entities that the next preparation makes; empty when none are left. */
  long[] toPrepare(NewEntities made) {
    if (isRoomy(made)) {
      return made.toMakeBefore().sorted();
    }
    return Arrays.stream(made.all().sorted())
        .filter(id -> !Transaction.isAmongSchema(id)) // attributes and partitions, in one piece
        .limit(datomCountMax / 2)
        .toArray();
  }

  /** The step that makes entities. */
  Step preparation(long[] batch) {
    List<Object> forms = originalIds(batch, id -> true);
    partitions.form(batch).ifPresent(forms::add);
    forms.add(TxData.add(TxData.CURRENT_TRANSACTION, BuiltIns.TX_INSTANT, instant));
    return new Step.Preparation(transaction.t(), forms);
  }

  /** The step that restores the transaction; with the marker if it is the last one for now. */
  Step restoration(Translation translation, NewEntities made, boolean withMarker) {
    NewIds amongSchema = made.amongSchema();
    long[] newIds = made.all().sorted();
    List<Object> forms = originalIds(newIds, id -> !amongSchema.contains(id));
    if (isRoomy(made)) {
      forms.add(TxData.add(TxData.CURRENT_TRANSACTION, Bookkeeping.ORIGINAL_ID, transaction.tx()));
      if (withMarker) {
        forms.add(Step.marker(transaction.t()));
      }
    }
    forms.addAll(translation.forms());
    forms.addAll(originalIds(newIds, amongSchema::contains));
    partitions.form(newIds).ifPresent(forms::add);
    return new Step.Restoration(transaction.t(), forms, isRoomy(made));
  }

  /** The step with the bookkeeping that the restoration had no room for. */
  Optional<Step> completion(NewEntities made) {
    return isRoomy(made)
        ? Optional.empty()
        : Optional.of(Step.completion(transaction.t(), true, instant));
  }

  /** In ascending order, so that neighbours in the source become neighbours in the target. */
  private static List<Object> originalIds(long[] ids, LongPredicate which) {
    List<Object> forms = new ArrayList<>();
    for (long id : ids) {
      if (which.test(id)) {
        forms.add(TxData.add(NewIds.tempid(id), Bookkeeping.ORIGINAL_ID, id));
      }
    }
    return forms;
  }
}
