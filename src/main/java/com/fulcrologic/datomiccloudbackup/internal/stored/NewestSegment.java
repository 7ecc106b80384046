package com.fulcrologic.datomiccloudbackup.internal.stored;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The segment that reaches farthest, for one who asks for it again and again. What it remembers
 * only saves it from asking. Not thread-safe.
 */
public final class NewestSegment {
  private static final int OTHER_LEVEL_EVERY = 3;
  private static final long AGE_NANOS_MAX = Duration.ofMinutes(5).toNanos();

  private final SegmentSearch search;
  private final LongSupplier nanoClock;
  private final long[] askedNanos = new long[SegmentKeys.LEVEL_COUNT]; // by level
  private @Nullable StoredSegment known;
  private int pollCount;

  NewestSegment(SegmentSearch search, LongSupplier nanoClock) {
    this.search = search;
    this.nanoClock = nanoClock;
  }

  /** What is stored now; see {@link StoredBackup#newest()}. Costs three requests. */
  public Optional<StoredSegment> look() {
    long now = nanoClock.getAsLong();
    Optional<StoredSegment> newest = search.newest();
    known = newest.orElse(null);
    for (int level = 0; level < askedNanos.length; level++) {
      askedNanos[level] = now;
    }
    return newest;
  }

  /**
   * The same as at the last call, or what {@link #look} finds now, at one request as long as
   * nothing comes in. Two polls of three ask for keys of the level that the newest segment has, as
   * the next one mostly has; the third asks for one of the others in turn. So what comes in is seen
   * by the second poll from then, or by the sixth where the span of a segment has another order of
   * magnitude than the newest one's; and by one that comes five minutes later, however rare they
   * are.
   */
  public Optional<StoredSegment> poll() {
    StoredSegment last = known;
    long now = nanoClock.getAsLong();
    if (last == null || isAnyOlder(now - AGE_NANOS_MAX)) {
      return look();
    }
    int home = SegmentKeys.level(last.range());
    int level = nextLevel(home);
    long end = search.newest(level).map(segment -> segment.range().endT()).orElse(0L);
    askedNanos[level] = now;
    boolean isFarther = end > last.range().endT();
    boolean isLastGone = level == home && end < last.range().endT();
    return isFarther || isLastGone ? look() : Optional.of(last);
  }

  private boolean isAnyOlder(long nanos) {
    for (long asked : askedNanos) {
      if (asked - nanos <= 0) {
        return true;
      }
    }
    return false;
  }

  private int nextLevel(int home) {
    int round = pollCount / OTHER_LEVEL_EVERY;
    boolean isForAnother = pollCount % OTHER_LEVEL_EVERY == OTHER_LEVEL_EVERY - 1;
    pollCount = (pollCount + 1) % (OTHER_LEVEL_EVERY * (SegmentKeys.LEVEL_COUNT - 1));
    return isForAnother ? (home + 1 + round) % SegmentKeys.LEVEL_COUNT : home;
  }
}
