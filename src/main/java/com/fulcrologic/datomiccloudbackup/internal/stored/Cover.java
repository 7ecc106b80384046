package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.TxRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The listed segments that readers use. From start to end, a reader always takes the segment that
 * reaches farthest. Together these segments cover all listed t; the others could be removed.
 * Immutable, thread-safe; takes 4 bytes per segment in addition to the listing.
 */
public final class Cover {
  private final List<StoredSegment> ascending;

  /** For each segment, the index of the farthest-reaching one up to and including it. */
  private final int[] farthest;

  /** Takes segments in ascending order of start, then of end. */
  Cover(List<StoredSegment> ascending) {
    this.ascending = List.copyOf(ascending);
    this.farthest = new int[ascending.size()];
    for (int i = 1; i < farthest.length; i++) {
      int before = farthest[i - 1];
      // Of two segments with the same end, the earlier one is larger.
      farthest[i] = end(i) > end(before) ? i : before;
    }
  }

  /** All listed segments, in ascending order of start, then of end. */
  public List<StoredSegment> segments() {
    return ascending;
  }

  /** The segment that reaches farthest; empty when nothing is listed. */
  public Optional<StoredSegment> newest() {
    return covering(endT() - 1);
  }

  /** The first t after all listed segments; 0 when nothing is listed. */
  public long endT() {
    return farthest.length == 0 ? 0 : end(farthest[farthest.length - 1]);
  }

  /** Among the segments that contain t, the one that reaches farthest, and then the largest. */
  public Optional<StoredSegment> covering(long t) {
    int last = countStartingUpTo(t) - 1;
    return last < 0 || end(farthest[last]) <= t
        ? Optional.empty()
        : Optional.of(ascending.get(farthest[last]));
  }

  /** The first start of a segment after t; empty when no segment starts after t. */
  public Optional<Long> startAfter(long t) {
    int next = countStartingUpTo(t);
    return next == ascending.size() ? Optional.empty() : Optional.of(start(next));
  }

  public List<StoredSegment> inUse(TxRange range) {
    List<StoredSegment> chain = new ArrayList<>();
    walk(range, chain::add, gap -> {});
    return chain;
  }

  public List<TxRange> missing(TxRange range) {
    List<TxRange> missing = new ArrayList<>();
    walk(range, segment -> {}, missing::add);
    return List.copyOf(missing);
  }

  /** Passes on the segments that a reader of this range uses, and the ranges that it misses. */
  private void walk(TxRange range, Consumer<StoredSegment> segments, Consumer<TxRange> gaps) {
    long t = range.startT();
    while (t < range.endT()) {
      Optional<StoredSegment> next = covering(t);
      if (next.isPresent()) {
        segments.accept(next.get());
        t = next.get().range().endT();
      } else {
        long end = Math.min(startAfter(t).orElse(Long.MAX_VALUE), range.endT());
        gaps.accept(new TxRange(t, end));
        t = end;
      }
    }
  }

  /** The segments that a reader of the whole backup uses, in ascending order. */
  public List<StoredSegment> inUse() {
    return endT() == 0 ? List.of() : inUse(new TxRange(0, endT()));
  }

  /** The segments that no reader uses, since others cover them, in ascending order. */
  public List<StoredSegment> covered() {
    Set<StoredSegment> used = new HashSet<>(inUse());
    return ascending.stream().filter(segment -> !used.contains(segment)).toList();
  }

  /** The first t that is not stored; every t before it is stored. */
  public long prefixEndT() {
    return gaps(0).stream().findFirst().map(TxRange::startT).orElse(endT());
  }

  /** The ranges that are missing from {@code fromT} to the end, in ascending order. */
  public List<TxRange> gaps(long fromT) {
    return fromT < endT() ? missing(new TxRange(fromT, endT())) : List.of();
  }

  private int countStartingUpTo(long t) {
    int low = 0;
    int high = ascending.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (start(middle) <= t) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private long start(int index) {
    return ascending.get(index).range().startT();
  }

  private long end(int index) {
    return ascending.get(index).range().endT();
  }
}
