package com.fulcrologic.datomiccloudbackup;

import java.util.List;
import java.util.Optional;

/**
 * What a backup lacks, in shares for several workers.
 *
 * @param range from the first t that is not stored to the source's basis; empty when nothing is
 *     missing. Parts of it may be stored
 * @param shards disjoint ranges, in ascending order, which are {@code range} together; fewer than
 *     asked for where there are fewer t
 * @param basisT the source's basis t at the call
 */
public record BackupPlan(Optional<TxRange> range, List<TxRange> shards, long basisT) {
  public BackupPlan {
    shards = List.copyOf(shards);
  }
}
