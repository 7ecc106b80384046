package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestorePlan;
import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchBackupException;
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

/** Plans a restore from what is stored. Not thread-safe. */
public final class Planner {
  private final StoredBackup backup;
  private final RestoreOptions options;
  private final boolean isCopy;
  private final NewestSegment newest;
  private final SegmentChooser chooser;
  private final PointResolver points;

  public Planner(StoredBackup backup, RestoreOptions options) {
    this(backup, options, false);
  }

  public Planner(StoredBackup backup, RestoreOptions options, boolean isCopy) {
    this.backup = backup;
    this.options = options;
    this.isCopy = isCopy;
    this.newest = backup.newestSegment();
    this.chooser = new SegmentChooser(backup);
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
    Optional<TxRange> range = chooser.uninterrupted(sourceT, plan.untilT());
    long endT = Math.min(plan.untilT(), plan.newest().lastT());
    return new RestorePlan(
        range, points.at(endT), List.of(), plan.filter().unmatched(), plan.filter().known());
  }

  /** The next segment for a target with this position; empty when the plan is done. */
  Optional<Segment> next(Plan plan, long sourceT) {
    return chooser.after(sourceT, plan.range()).map(segment -> backup.segment(segment.range()));
  }

  public boolean isFromPro() {
    Segment segment = backup.segment(look());
    return TargetLimits.isPro(Holding.schemaOf(segment));
  }

  Optional<SegmentInfo> infoOfNext(Plan plan, long sourceT) {
    return sourceT >= plan.lastT()
        ? Optional.empty()
        : chooser.after(sourceT, plan.range()).map(segment -> backup.info(segment.range()));
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
