package com.fulcrologic.datomiccloudbackup.restore;

import com.fulcrologic.datomiccloudbackup.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.store.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.StoredSegment;
import java.util.Optional;

/** Finds the segment that covers what follows in a target, whatever the overlaps. */
final class SegmentChooser {
  private final StoredBackup backup;

  SegmentChooser(StoredBackup backup) {
    this.backup = backup;
  }

  /**
   * The segment that covers what follows {@code sourceT}; among several, the one that reaches farthest.
   *
   * @return empty when everything stored is at or before {@code sourceT}
   * @throws SegmentGapException when what follows is missing, and something later is stored
   * @throws TargetNotRestorableException when {@code sourceT} lies beyond everything stored
   */
  Optional<TxRange> after(long sourceT) {
    long next = sourceT + 1;
    Optional<TxRange> covering = backup.covering(next).map(StoredSegment::range);
    if (covering.isPresent()) {
      return covering;
    }
    long end = backup.newest().map(segment -> segment.range().endT()).orElse(0L);
    if (end > next) {
      throw gap(next);
    }
    if (end < next) {
      throw new TargetNotRestorableException(
          "Failed to restore "
              + backup.location()
              + ": the target stands at t "
              + sourceT
              + ", ahead of the backup, which ends at t "
              + (end - 1),
          "use the store that the target was restored from");
    }
    return Optional.empty();
  }

  private SegmentGapException gap(long next) {
    TxRange missing =
        backup.gaps(next).stream()
            .filter(range -> range.contains(next))
            .findFirst()
            .orElse(new TxRange(next, next + 1));
    return new SegmentGapException(
        "Failed to restore "
            + backup.location()
            + ": t "
            + missing.startT()
            + " to "
            + (missing.endT() - 1)
            + " are missing",
        "fill the gap from the source with repair, or restore to a t before it",
        missing);
  }
}
