package com.fulcrologic.datomiccloudbackup.internal.restore.ids;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.TargetLimits;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The partitions of new entities in a target of Datomic Pro. Immutable. */
public final class Partitions {
  private static final long SCHEMA = 0;

  private static final Partitions NONE = new Partitions(null);

  /**
   * For a source without partitions: what was made among its schema has to be so in the target. An
   * attribute can come of it later, which is refused elsewhere ({@code not-in-system-partition}).
   */
  private static final Partitions OF_SCHEMA = new Partitions(null);

  private final @Nullable WorkingSet ids;

  private Partitions(@Nullable WorkingSet ids) {
    this.ids = ids;
  }

  public static Partitions of(boolean targetHas, Schema schema, WorkingSet ids) {
    if (!targetHas) {
      return NONE;
    }
    return TargetLimits.isPro(schema) ? new Partitions(ids) : OF_SCHEMA;
  }

  /** The form that puts new entities into their partitions; empty when all are in the usual one. */
  public Optional<Object> form(long[] newIds) {
    Map<String, Long> partitions = new HashMap<>();
    for (long source : newIds) {
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

  /** An implicit partition is a number; a named one is an entity, with an id in each database. */
  private @Nullable Long target(long partition) {
    if (this == NONE) {
      return null;
    }
    if (partition == SCHEMA) {
      return SCHEMA;
    }
    if (ids == null) {
      return null;
    }
    if (Transaction.isImplicitPartition(partition)) {
      return partition;
    }
    long named = Transaction.isNamedPartition(partition) ? ids.target(partition) : IdMap.UNKNOWN;
    return named == IdMap.UNKNOWN ? null : named;
  }
}
