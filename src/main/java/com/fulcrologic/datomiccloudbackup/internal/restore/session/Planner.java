package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestorePlan;
import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnreachablePointException;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.TargetLimits;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.Claim;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.TargetPosition;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.AttributeFilter;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentInfo;
import com.fulcrologic.datomiccloudbackup.internal.stored.NewestSegment;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Plans a restore from what is stored, and chooses the segment that a target needs next, among
 * segments that may overlap. Not thread-safe.
 */
public final class Planner {
  /** Gaps named in a message at most. */
  private static final int NAMED_GAP_COUNT = 10;

  private final StoredBackup backup;
  private final RestoreOptions options;
  private final boolean isCopy;
  private final NewestSegment newest;
  private final PointResolver points;

  public Planner(StoredBackup backup, RestoreOptions options) {
    this(backup, options, false);
  }

  public Planner(StoredBackup backup, RestoreOptions options, boolean isCopy) {
    this.backup = backup;
    this.options = options;
    this.isCopy = isCopy;
    this.newest = backup.newestSegment();
    this.points = new PointResolver(backup);
  }

  /** The work in an empty target, after a check that all of it is stored. */
  public RestorePlan planForEmptyTarget() {
    return work(plan(look()), TargetPosition.NOTHING);
  }

  TxRange look() {
    return found(newest.look());
  }

  /** The same at one request while nothing new is stored; may be late as {@link NewestSegment}. */
  TxRange poll() {
    return found(newest.poll());
  }

  Plan plan(TxRange range) {
    boolean isFiltered = options.isFiltering();
    // The newest segment has every name that any attribute ever had.
    Schema schema = isFiltered ? backup.schemaAtEnd(range) : new Schema();
    AttributeFilter filter = new AttributeFilter(options, schema);
    if (isCopy) { // nothing else would show what is wrong, before all of it is there
      filter.requireMatched();
    }
    SegmentInfo info = backup.info(range);
    long untilT = points.lastT(options.until());
    Claim claim =
        Claim.of(
            backup.name(),
            info.source(),
            options,
            filter.filteredIds(),
            filter.includedIds(),
            wantedBaselineT(untilT),
            isCopy);
    return new Plan(info, filter, claim, untilT, isFiltered);
  }

  private OptionalLong wantedBaselineT(long untilT) {
    RestorePoint point = options.baseline().orElse(null);
    if (point == null) {
      return OptionalLong.empty();
    }
    if (point.equals(RestorePoint.NEWEST)) {
      return OptionalLong.of(Claim.ANY_BASELINE);
    }
    long t =
        point instanceof RestorePoint.AtT atT && isBaselineStored(atT.t())
            ? atT.t()
            : points.lastT(point);
    if (t > untilT) {
      throw new UnreachablePointException(
          "Failed to restore to t " + untilT + ": the baseline is that of t " + t,
          "choose a baseline at or before the point to restore to");
    }
    return OptionalLong.of(t);
  }

  private boolean isBaselineStored(long t) {
    return backup.baselines().newestT(t).equals(OptionalLong.of(t));
  }

  /** The t of the stored baseline that an empty target is to begin with; empty when none is. */
  OptionalLong storedBaselineT(Plan plan) {
    OptionalLong t = claim(plan).baselineT();
    return t.isPresent() && isBaselineStored(t.getAsLong()) ? t : OptionalLong.empty();
  }

  /**
   * The claim of an empty target under a plan: with the very t of the baseline, if there is one.
   * Unless a point was named, that is the newest stored baseline, or else, and for a copy, the
   * newest t.
   */
  Claim claim(Plan plan) {
    OptionalLong wanted = plan.claim().baselineT();
    if (wanted.isEmpty() || wanted.getAsLong() != Claim.ANY_BASELINE) {
      return plan.claim();
    }
    long newestT = Math.min(plan.lastT(), plan.newest().lastT());
    return plan.claim()
        .withBaseline(isCopy ? newestT : backup.baselines().newestT(newestT).orElse(newestT));
  }

  /** The work that a plan leaves for a target with this position. */
  RestorePlan work(Plan plan, long sourceT) {
    requireNotBeyond(sourceT, plan);
    Optional<TxRange> range = uninterrupted(sourceT, plan.untilT());
    long endT = Math.min(plan.untilT(), plan.newest().lastT());
    return new RestorePlan(
        range, points.at(endT), List.of(), plan.filter().unmatched(), plan.filter().known());
  }

  /** The next segment for a target with this position; empty when the plan is done. */
  Optional<Segment> next(Plan plan, long sourceT) {
    return after(sourceT, plan).map(segment -> backup.segment(segment.range()));
  }

  Optional<SegmentInfo> infoOfNext(Plan plan, long sourceT) {
    return sourceT >= plan.lastT()
        ? Optional.empty()
        : after(sourceT, plan).map(segment -> backup.info(segment.range()));
  }

  /** Costs no request if nothing follows the newest segment. */
  private Optional<StoredSegment> after(long sourceT, Plan plan) {
    return plan.range().endT() == sourceT + 1 ? Optional.empty() : after(sourceT);
  }

  /**
   * The segment that covers what follows {@code sourceT}; among several, the one that reaches
   * farthest.
   *
   * @return empty when everything stored is at or before {@code sourceT}
   * @throws SegmentGapException when what follows is missing, and something later is stored
   * @throws TargetNotRestorableException when {@code sourceT} lies beyond everything stored
   */
  private Optional<StoredSegment> after(long sourceT) {
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
   * The range that follows {@code sourceT}, up to and including {@code lastT} or the end of the
   * stored log, after a check that nothing in it is missing.
   */
  private Optional<TxRange> uninterrupted(long sourceT, long lastT) {
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

  public boolean isFromPro() {
    Segment segment = backup.segment(look());
    return TargetLimits.isPro(Holding.schemaOf(segment));
  }

  static void requireNotBeyond(long sourceT, Plan plan) {
    if (sourceT > plan.untilT()) {
      throw new UnreachablePointException(
          "Failed to restore to t %s: the target holds the source up to t %s already"
              .formatted(plan.untilT(), sourceT),
          "restore into a new database to get an earlier point");
    }
  }

  private TxRange found(Optional<StoredSegment> found) {
    return found
        .map(StoredSegment::range)
        .orElseThrow(
            () ->
                new NoSuchBackupException(
                    "Failed to restore: there is no " + backup.location(),
                    "check the store and the name of the backup"));
  }
}
