package com.fulcrologic.datomiccloudbackup.restore;

import com.fulcrologic.datomiccloudbackup.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.segment.Segment;
import com.fulcrologic.datomiccloudbackup.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.store.NewestSegment;
import com.fulcrologic.datomiccloudbackup.store.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.StoredSegment;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What a backup holds for a restore, call by call: how far it reaches, and the segment that comes
 * next, which can be fetched ahead. Then the next call asks the store for nothing. Not thread-safe.
 */
final class NextSegments {
  /** Larger ones are not fetched ahead: bytes, as they are stored. */
  static final long SIZE_AHEAD_MAX = 16 << 20;

  private final StoredBackup backup;
  private final NewestSegment newestSegment;
  private final SegmentChooser chooser;
  private @Nullable SegmentInfo newestInfo;
  private @Nullable Outlook ahead;

  NextSegments(StoredBackup backup) {
    this.backup = backup;
    this.newestSegment = backup.newestSegment();
    this.chooser = new SegmentChooser(backup);
  }

  /**
   * How far the backup reaches, as far as is known.
   *
   * @param newest the segment that reaches farthest
   * @param standsFrom what is known is enough for a target that stands at this source t ...
   * @param standsTo ... to this one
   * @param next the segment that comes next for a target that stands there
   */
  record Outlook(
      StoredSegment newest, long standsFrom, long standsTo, @Nullable SegmentAhead next) {

    boolean isEnoughFor(long standsAt) {
      return standsFrom <= standsAt && standsAt <= standsTo;
    }
  }

  /**
   * What is stored now.
   *
   * @throws NoSuchBackupException when nothing is
   */
  Outlook look() {
    return new Outlook(found(newestSegment.look()), TargetPosition.NOTHING, Long.MAX_VALUE, null);
  }

  /** What was stored when the next segment was fetched ahead; empty when none was. */
  Optional<Outlook> takeAhead() {
    Optional<Outlook> taken = Optional.ofNullable(ahead);
    ahead = null;
    return taken;
  }

  /**
   * What was stored some calls before, at least.
   *
   * @throws NoSuchBackupException when nothing is
   */
  Outlook poll() {
    StoredSegment newest = found(newestSegment.poll());
    return new Outlook(newest, TargetPosition.NOTHING, newest.range().endT() - 1, null);
  }

  private StoredSegment found(Optional<StoredSegment> newest) {
    return newest.orElseThrow(
        () ->
            new NoSuchBackupException(
                "Failed to restore: there is no " + backup.location(),
                "check the store and the name of the backup"));
  }

  /** A segment never changes: as long as it is the newest, its header is read once. */
  SegmentInfo newestInfo(Outlook outlook) {
    SegmentInfo known = newestInfo;
    if (known == null || !known.range().equals(outlook.newest().range())) {
      known = backup.info(outlook.newest().range());
      newestInfo = known;
    }
    return known;
  }

  /**
   * The segment that covers what follows {@code sourceT}; among several, the one that reaches
   * farthest.
   *
   * @param outlook one that is enough for a target that stands there
   * @return empty when everything stored is at or before {@code sourceT}
   * @throws SegmentGapException when what follows is missing, and something later is stored
   * @throws TargetNotRestorableException when {@code sourceT} lies beyond everything stored
   */
  Optional<Segment> after(long sourceT, Outlook outlook) {
    Optional<Segment> fetched = Optional.ofNullable(outlook.next()).flatMap(SegmentAhead::await);
    return fetched.isPresent()
        ? fetched
        : chooser
            .after(sourceT, outlook.newest().range())
            .map(StoredSegment::range)
            .map(backup::segment);
  }

  /** Begins to fetch what the next call will need, if that is known, and not too large. */
  void fetchAhead(long sourceT, Outlook outlook) {
    StoredSegment newest = outlook.newest();
    if (newest.range().endT() <= sourceT + 1) {
      return;
    }
    Callable<Optional<Segment>> fetch =
        () ->
            chooser
                .after(sourceT, newest.range())
                .filter(segment -> segment.size() <= SIZE_AHEAD_MAX)
                .map(StoredSegment::range)
                .map(backup::segment);
    ahead = new Outlook(newest, sourceT, sourceT, new SegmentAhead(fetch));
  }
}
