package com.fulcrologic.datomiccloudbackup.internal.restore;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.internal.log.BaseSchema;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a source id is called in the target while one transaction is translated: the transaction
 * itself, a built-in, an entity that is there already, or a new one under a tempid. Notes the new
 * ones.
 */
final class TargetIds {
  private final Transaction transaction;
  private final Schema schema;
  private final BaseSchema baseSchema;
  private final WorkingSet workingSet;
  private final NewIds newIds = new NewIds();

  TargetIds(Transaction transaction, Schema schema, BaseSchema baseSchema, WorkingSet workingSet) {
    this.transaction = transaction;
    this.schema = schema;
    this.baseSchema = baseSchema;
    this.workingSet = workingSet;
  }

  /** A Long or a tempid. */
  Object of(long source) {
    if (source == transaction.tx()) {
      return TxData.CURRENT_TRANSACTION;
    }
    Keyword builtIn = schema.builtIn(source);
    if (builtIn != null) {
      return builtIn(builtIn);
    }
    long target = workingSet.target(source);
    if (target != IdMap.UNKNOWN) {
      return target;
    }
    newIds.add(source);
    return NewIds.tempid(source);
  }

  /** An attribute is always there already: Datomic knows none under a tempid. */
  Object ofAttribute(long source) {
    if (isNew(source)) {
      throw new IllegalStateException(
          "t " + transaction.t() + " uses attribute " + source + ", which is not in the target");
    }
    return of(source);
  }

  /** Whether this transaction makes the entity. */
  boolean isNew(long source) {
    return source != transaction.tx()
        && schema.builtIn(source) == null
        && workingSet.target(source) == IdMap.UNKNOWN;
  }

  /** The new entities that were asked for so far. */
  NewIds newIds() {
    return newIds;
  }

  private Long builtIn(Keyword ident) {
    @Nullable Long id = baseSchema.id(ident);
    if (id == null) {
      throw new TargetNotRestorableException(
          "Failed to restore t "
              + transaction.t()
              + ": it uses "
              + ident
              + ", which the target's base schema lacks",
          "restore into a newer Datomic, or exclude the attribute that needs it");
    }
    return id;
  }
}
