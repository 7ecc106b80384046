package com.fulcrologic.datomiccloudbackup.internal.restore.ids;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The partitions of new entities, from Datomic Pro into Datomic Pro. Immutable. */
public final class Partitions {
  /** For a target that has no partitions, or a source that has none. */
  public static final Partitions NONE = new Partitions(null);

  private final @Nullable WorkingSet ids;

  public Partitions(@Nullable WorkingSet ids) {
    this.ids = ids;
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
