package com.fulcrologic.datomiccloudbackup;

import com.fulcrologic.datomiccloudbackup.RestoreOutcome.NothingNewAvailable;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The result of a restore that ran to its end.
 *
 * @param baseline the state with which this run began the target, if it did
 * @param range the source transactions restored, after the baseline: from the first t, to the last
 *     t + 1; empty when the target held all of them already
 * @param segmentCount segments that they were restored from
 * @param transactionCount source transactions restored, after the baseline
 * @param datomCount source datoms in them
 * @param lastSourceT the last source t that the target holds; empty when nothing is stored
 * @param unmatchedFilters idents in the filters that no attribute of the stored log ever had
 * @param unequalTs the first {@value RestoredSegment#UNEQUAL_COUNT_MAX} source t, ascending, at
 *     which the target's log differs from the source's; empty for an equal restore
 * @param leftOut the data that the target does not get, since its Datomic cannot express it, one
 *     for each kind
 * @param duration the time of this run
 */
public record RestoreSummary(
    Optional<LoadedBaseline> baseline,
    Optional<TxRange> range,
    long segmentCount,
    long transactionCount,
    long datomCount,
    OptionalLong lastSourceT,
    Set<String> unmatchedFilters,
    List<Long> unequalTs,
    List<LeftOut> leftOut,
    Duration duration) {
  public RestoreSummary {
    unequalTs = List.copyOf(unequalTs);
    leftOut = List.copyOf(leftOut);
    unmatchedFilters = Set.copyOf(unmatchedFilters);
  }

  /**
   * A state that was loaded into an empty target.
   *
   * @param t its last transaction, in the source
   * @param datomCount the datoms that the source had then, with Datomic's own
   * @param duration the time from the beginning of the run until it was loaded
   */
  public record LoadedBaseline(long t, long datomCount, Duration duration) {}

  /** Adds segments up. One thread. */
  static final class Builder {
    private final long beginNanos = System.nanoTime();
    private final Set<String> unmatchedFilters = new TreeSet<>();
    private final List<Long> unequalTs = new ArrayList<>();
    private final Map<String, LeftOut> leftOut = new TreeMap<>();
    private @Nullable LoadedBaseline baseline;
    private @Nullable TxRange range;
    private long segmentCount;
    private long transactionCount;
    private long datomCount;

    long transactionCount() {
      return transactionCount;
    }

    /** With those of the baseline. */
    long datomCount() {
      return datomCount + (baseline == null ? 0 : baseline.datomCount());
    }

    void add(RestoredSegment segment) {
      if (segment.baselineT().isPresent()) {
        long t = segment.baselineT().getAsLong();
        baseline = new LoadedBaseline(t, segment.datomCount(), duration());
      } else {
        TxRange before = range;
        range =
            before == null ? segment.range() : new TxRange(before.startT(), segment.range().endT());
        segmentCount++;
        transactionCount += segment.transactionCount();
        datomCount += segment.datomCount();
      }
      unmatchedFilters.addAll(segment.unmatchedFilters());
      segment.leftOut().forEach(each -> leftOut.merge(each.kind(), each, LeftOut::plus));
      segment.unequalTs().stream()
          .limit(RestoredSegment.UNEQUAL_COUNT_MAX - unequalTs.size())
          .forEach(unequalTs::add);
    }

    RestoreSummary end(NothingNewAvailable end) {
      unmatchedFilters.addAll(end.unmatchedFilters());
      return new RestoreSummary(
          Optional.ofNullable(baseline),
          Optional.ofNullable(range),
          segmentCount,
          transactionCount,
          datomCount,
          end.lastSourceT(),
          unmatchedFilters,
          unequalTs,
          List.copyOf(leftOut.values()),
          duration());
    }

    private Duration duration() {
      return Duration.ofNanos(System.nanoTime() - beginNanos);
    }
  }
}
