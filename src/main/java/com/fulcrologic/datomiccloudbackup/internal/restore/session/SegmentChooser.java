package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.exceptions.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds the segment that a target needs next, among segments that may overlap. Immutable,
 * thread-safe.
 */
record SegmentChooser(StoredBackup backup) {
  /** Gaps named in a message at most. */
  private static final int NAMED_GAP_COUNT = 10;

  /**
   * The segment that covers what follows {@code sourceT}; among several, the one that reaches
   * farthest.
   *
   * @return empty when everything stored is at or before {@code sourceT}
   * @throws SegmentGapException when what follows is missing, and something later is stored
   * @throws TargetNotRestorableException when {@code sourceT} lies beyond everything stored
   */
  Optional<StoredSegment> after(long sourceT) {
    long next = sourceT + 1;
    Optional<StoredSegment> covering = backup.covering(next);
    if (covering.isPresent()) {
      return covering;
    }
    long end = backup.newest().map(segment -> segment.range().endT()).orElse(0L);
    if (end > next) {
      throw gap(next);
    }
    if (end < next) {
      throw new TargetNotRestorableException(
          ("Failed to restore %s: the target holds the source up to t %s, ahead of the backup, "
                  + "which ends at t %s")
              .formatted(backup.location(), sourceT, end - 1),
          "use the store that the target was restored from");
    }
    return Optional.empty();
  }

  /**
   * The same as {@link #after(long)}, for a caller that knows the newest segment. If nothing
   * follows that, this costs no request.
   */
  Optional<StoredSegment> after(long sourceT, TxRange newest) {
    return newest.endT() == sourceT + 1 ? Optional.empty() : after(sourceT);
  }

  /**
   * The range that follows {@code sourceT}, up to and including {@code lastT} or the end of the
   * stored log, after a check that nothing in it is missing.
   */
  Optional<TxRange> uninterrupted(long sourceT, long lastT) {
    long next = sourceT + 1;
    long storedEnd = backup.newest().map(segment -> segment.range().endT()).orElse(0L);
    long end = lastT < storedEnd ? lastT + 1 : storedEnd;
    if (next >= end) {
      if (lastT > sourceT) {
        after(sourceT); // ahead of the backup?
      }
      return Optional.empty();
    }
    List<TxRange> missing =
        backup.gaps(next).stream().filter(range -> range.startT() < end).toList();
    if (!missing.isEmpty()) {
      throw gap(missing);
    }
    return Optional.of(new TxRange(next, end));
  }

  private SegmentGapException gap(long next) {
    return gap(
        backup.gaps(next).stream()
            .filter(range -> range.contains(next))
            .findFirst()
            .map(List::of)
            .orElse(List.of(new TxRange(next, next + 1))));
  }

  private SegmentGapException gap(List<TxRange> missing) {
    String named =
        missing.stream()
            .limit(NAMED_GAP_COUNT)
            .map(TxRange::toString)
            .collect(Collectors.joining(", "));
    String more = missing.size() <= NAMED_GAP_COUNT ? "" : " and more";
    return new SegmentGapException(
        "Failed to restore " + backup.location() + ": missing " + named + more,
        "fill the gap from the source with repair, or restore to a t before it",
        missing.get(0));
  }
}
