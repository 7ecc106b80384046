package com.fulcrologic.datomiccloudbackup.internal.restore;

import com.fulcrologic.datomiccloudbackup.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.stored.NewestSegment;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a backup holds for a restore, call by call: how far it reaches, and the segment that comes
 * next, which may have been fetched ahead. Not thread-safe.
 */
final class NextSegments {
  private final StoredBackup backup;
  private final NewestSegment newestSegment;
  private final SegmentChooser chooser;
  private @Nullable TxRange newest; // as it was seen last
  private @Nullable SegmentInfo newestInfo;
  private @Nullable SegmentAhead ahead;

  NextSegments(StoredBackup backup, SegmentChooser chooser) {
    this.backup = backup;
    this.newestSegment = backup.newestSegment();
    this.chooser = chooser;
  }

  /**
   * How far the backup reaches, as far as is known.
   *
   * @param newest the range of the segment that reaches farthest
   * @param standsAtMax for a target that stands at a later source t, this is not enough to know;
   *     {@code Long.MAX_VALUE} of who has just looked
   */
  record Outlook(TxRange newest, long standsAtMax) {

    boolean isEnoughFor(long standsAt) {
      return standsAt <= standsAtMax;
    }
  }

  /**
   * What is stored now.
   *
   * @throws NoSuchBackupException when nothing is
   */
  Outlook look() {
    return new Outlook(found(newestSegment.look()), Long.MAX_VALUE);
  }

  /**
   * What was stored some calls before, at least.
   *
   * @throws NoSuchBackupException when nothing is
   */
  Outlook poll() {
    TxRange range = found(newestSegment.poll());
    return new Outlook(range, range.endT() - 1);
  }

  /**
   * What was seen last, for a target that the last call left before a segment that was fetched
   * ahead: whatever has come in since, that one comes next.
   */
  Optional<Outlook> outlookAhead() {
    SegmentAhead fetched = ahead;
    TxRange seen = newest;
    return fetched == null || seen == null
        ? Optional.empty()
        : Optional.of(new Outlook(seen, fetched.afterT()));
  }

  private TxRange found(Optional<StoredSegment> found) {
    TxRange range =
        found
            .map(StoredSegment::range)
            .orElseThrow(
                () ->
                    new NoSuchBackupException(
                        "Failed to restore: there is no " + backup.location(),
                        "check the store and the name of the backup"));
    if (!range.equals(newest)) {
      ahead = null; // it was fetched by one who knew another newest segment, which may be gone
    }
    newest = range;
    return range;
  }

  /** A segment never changes: as long as it is the newest, its header is read once. */
  SegmentInfo newestInfo(Outlook outlook) {
    SegmentInfo known = newestInfo;
    if (known == null || !known.range().equals(outlook.newest())) {
      known = backup.info(outlook.newest());
      newestInfo = known;
    }
    return known;
  }

  /**
   * The segment that covers what follows {@code sourceT}; among several, the one that reaches
   * farthest, or did when it was fetched ahead.
   *
   * @param outlook one that is enough for a target that stands there
   * @return empty when everything stored is at or before {@code sourceT}
   * @throws SegmentGapException when what follows is missing, and something later is stored
   * @throws TargetNotRestorableException when {@code sourceT} lies beyond everything stored
   */
  Optional<Segment> after(long sourceT, Outlook outlook) {
    SegmentAhead fetched = ahead;
    ahead = null;
    Optional<Segment> next =
        fetched == null || fetched.afterT() != sourceT ? Optional.empty() : fetched.await();
    return next.isPresent()
        ? next
        : chooser.after(sourceT, outlook.newest()).map(segment -> backup.segment(segment.range()));
  }

  /** Begins to fetch what comes after {@code sourceT}; empty where nothing is known to come. */
  Optional<SegmentAhead> fetchAhead(long sourceT, Outlook outlook) {
    return outlook.newest().endT() > sourceT + 1
        ? Optional.of(new SegmentAhead(backup, sourceT))
        : Optional.empty();
  }

  /** The next call finds the target where that begins. */
  void remember(Optional<SegmentAhead> fetched) {
    ahead = fetched.orElse(null);
  }
}
