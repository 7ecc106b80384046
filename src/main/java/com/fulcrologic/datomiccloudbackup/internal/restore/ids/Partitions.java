package com.fulcrologic.datomiccloudbackup.internal.restore.ids;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of new entities in a target. Immutable.
 *
 * @param targetHas whether the target has partitions, as Datomic Pro does
 * @param sourceHas whether the source has
 * @param ids with the targets of named partitions
 */
public record Partitions(boolean targetHas, boolean sourceHas, WorkingSet ids) {
  private static final long SCHEMA = 0;

  /** The form that puts new entities into their partitions; empty when all are in the usual one. */
  public Optional<Object> form(long[] newIds) {
    Map<String, Long> partitions = new HashMap<>();
    for (long source : targetHas ? newIds : NewIds.NONE) {
      Long partition = target(Transaction.partition(source));
      if (partition != null) {
        partitions.put(NewIds.tempid(source), partition);
      }
    }
    if (partitions.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(TxData.forcePartitions(partitions));
  }

  /**
   * An implicit partition is a number; a named one is an entity, with an id in each database. An
   * entity among the schema of a source without partitions has to be there in the target. It can
   * become an attribute later, which is refused elsewhere ({@code not-in-system-partition}).
   */
  private @Nullable Long target(long partition) {
    if (partition == SCHEMA) {
      return SCHEMA;
    }
    if (!sourceHas) {
      return null;
    }
    if (Transaction.isImplicitPartition(partition)) {
      return partition;
    }
    long named = Transaction.isNamedPartition(partition) ? ids.target(partition) : IdMap.UNKNOWN;
    return named == IdMap.UNKNOWN ? null : named;
  }
}
