package com.fulcrologic.datomiccloudbackup;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import java.time.Duration;
import java.util.List;

/**
 * The result of one call of {@code backup} or {@code repairBackup}.
 *
 * @param segments the segments stored by this call, in ascending order; empty when nothing was new
 * @param basisT the source's basis t at the call; the backup reaches it
 * @param duration how long it took
 */
public record BackupSummary(List<BackedUpSegment> segments, long basisT, Duration duration) {
  public BackupSummary {
    segments = List.copyOf(segments);
  }

  /** Transactions stored by this call. */
  public long transactionCount() {
    return segments.stream().mapToLong(BackedUpSegment::transactionCount).sum();
  }

  /** Datoms stored by this call. */
  public long datomCount() {
    return segments.stream().mapToLong(BackedUpSegment::datomCount).sum();
  }

  /** Bytes stored by this call. */
  public long size() {
    return segments.stream().mapToLong(BackedUpSegment::size).sum();
  }
}
