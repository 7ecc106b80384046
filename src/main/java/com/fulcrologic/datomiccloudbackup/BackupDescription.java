package com.fulcrologic.datomiccloudbackup;

import java.util.List;
import java.util.Optional;

/**
 * A backup in a store, as its names and one segment header show it.
 *
 * @param name the backup's name
 * @param databaseId the id of the database that may write it now; empty when nothing claims it
 * @param newest the newest stored transaction, despite gaps before it; empty when there is none
 * @param segmentCount the number of segments that readers use
 * @param size the size of these segments, in bytes
 * @param gaps the missing ranges below the newest transaction, in ascending order
 */
public record BackupDescription(
    String name,
    Optional<String> databaseId,
    Optional<SourcePoint> newest,
    int segmentCount,
    long size,
    List<TxRange> gaps) {
  public BackupDescription {
    gaps = List.copyOf(gaps);
  }
}
