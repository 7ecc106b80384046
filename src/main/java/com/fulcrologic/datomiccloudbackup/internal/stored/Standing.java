package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.BackupDescription;
import com.fulcrologic.datomiccloudbackup.BackupStatus;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.log.TransactionDates;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Determines the status of a backup. Writes nothing, and keeps no state. Thread-safe. */
public record Standing(StoredBackup backup) {
  /**
   * Determines how far the backup is behind the source. Reads the listing once, one or two segment
   * headers, and of the source its basis, one transaction and one date.
   */
  public BackupStatus status(DatomicConnection source, Optional<BackupStatus.TargetStatus> target) {
    // Reads the store first; else a backup made meanwhile would seem ahead of the source.
    Cover cover = backup.cover();
    List<TxRange> gaps = cover.gaps(0);
    Optional<SegmentInfo> newest = cover.newest().map(s -> backup.info(s.range()));
    Optional<SourcePoint> stored =
        gaps.isEmpty() ? newest.map(Standing::end) : end(cover.covering(gaps.get(0).startT() - 1));
    SourcePast past =
        new SourcePast(backup, source, "compare " + backup.location() + " with the source");
    return Retries.whileTransient(
        RetryPolicy.DEFAULT,
        () -> {
          long basisT = newest.isPresent() ? past.requireThrough(newest.get()) : source.basisT();
          Instant date = TransactionDates.of(source, Transaction.entityId(basisT));
          return new BackupStatus(new SourcePoint(basisT, date), stored, gaps, target);
        });
  }

  /**
   * The last transaction of the segment that reaches farthest, despite gaps before it. Costs four
   * requests for any number of segments.
   */
  public Optional<SourcePoint> farthest() {
    return end(backup.newest());
  }

  /** Describes the backup: one listing, its claims, and one segment header. */
  public BackupDescription description(String name) {
    Cover cover = backup.cover();
    List<StoredSegment> inUse = cover.inUse();
    return new BackupDescription(
        name,
        backup.ownership().current().map(SourceIdentity::databaseId),
        end(cover.newest()),
        inUse.size(),
        inUse.stream().mapToLong(StoredSegment::size).sum(),
        cover.gaps(0));
  }

  private Optional<SourcePoint> end(Optional<StoredSegment> segment) {
    return segment.map(each -> end(backup.info(each.range())));
  }

  private static SourcePoint end(SegmentInfo info) {
    return new SourcePoint(info.lastT(), info.lastInstant().orElse(Instant.EPOCH));
  }
}
