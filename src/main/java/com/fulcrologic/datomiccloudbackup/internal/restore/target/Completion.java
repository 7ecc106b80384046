package com.fulcrologic.datomiccloudbackup.internal.restore.target;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.internal.log.BaseSchema;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.TransactionDates;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Adds the missing bookkeeping of the last restored transaction, in a preparation after it. The
 * original-id of that transaction is missing if it was too large to hold it. The marker is missing
 * if a restore died before the end of a segment, and no transaction follows that would move it.
 */
public final class Completion {
  private Completion() {}

  /** The step for a target at this position; empty when nothing is missing. */
  public static Optional<Step> of(
      TargetPosition position, TargetInspector inspector, BaseSchema baseSchema) {
    if (position.isNothingRestored()) {
      return Optional.empty();
    }
    boolean markerLags = inspector.marker().filter(t -> t == position.sourceT()).isEmpty();
    if (!markerLags && !position.lacksOriginalId()) {
      return Optional.empty();
    }
    Object instant = instantOf(inspector.lastTransaction(), baseSchema);
    return Optional.of(step(position.sourceT(), position.lacksOriginalId(), instant));
  }

  /** The step; with the original-id of the restored transaction, if that is missing, too. */
  public static Step step(long t, boolean withOriginalId, Object instant) {
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
    return new Step.Preparation(t, forms);
  }

  public static Object marker(long t) {
    return TxData.add(Bookkeeping.LAST_SOURCE_TRANSACTION, Bookkeeping.LAST_SOURCE_TRANSACTION, t);
  }

  private static Object instantOf(Transaction transaction, BaseSchema baseSchema) {
    Long txInstant = baseSchema.id(BuiltIns.TX_INSTANT);
    return transaction.datoms().stream()
        .filter(datom -> txInstant != null && datom.a() == txInstant)
        .map(Datom::v)
        .findFirst()
        .orElse(TransactionDates.EPOCH);
  }
}
