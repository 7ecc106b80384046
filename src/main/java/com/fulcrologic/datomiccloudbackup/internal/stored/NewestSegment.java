package com.fulcrologic.datomiccloudbackup.internal.stored;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The segment that reaches farthest, for a caller that polls. The remembered state only saves
 * requests. Not thread-safe.
 */
public final class NewestSegment {
  private static final int OTHER_LEVEL_EVERY = 3;
  private static final long AGE_NANOS_MAX = Duration.ofMinutes(5).toNanos();

  private final SegmentSearch search;
  private final LongSupplier nanoClock;
  private final long[] askedNanos = new long[BackupKeys.LEVEL_COUNT]; // by level
  private @Nullable StoredSegment known;
  private int pollCount;

  NewestSegment(SegmentSearch search, LongSupplier nanoClock) {
    this.search = search;
    this.nanoClock = nanoClock;
  }

  /** The newest segment now; see {@link StoredBackup#newest()}. Costs three requests. */
  public Optional<StoredSegment> look() {
    long now = nanoClock.getAsLong();
    Optional<StoredSegment> newest = search.newest();
    known = newest.orElse(null);
    Arrays.fill(askedNanos, now);
    return newest;
  }

  /**
   * The segment of the last call, or the one that {@link #look} finds now; costs one request while
   * no segment arrives. Two of three polls list the level of the newest segment, which the next
   * segment mostly has too. The third lists one of the other levels in turn. So the second poll
   * after its arrival sees a new segment. If its span has another order of magnitude than the
   * newest one's, the sixth poll sees it. A poll five minutes later sees it, however rare polls
   * are.
   */
  public Optional<StoredSegment> poll() {
    StoredSegment last = known;
    long now = nanoClock.getAsLong();
    if (last == null || Arrays.stream(askedNanos).anyMatch(asked -> now - asked >= AGE_NANOS_MAX)) {
      return look();
    }
    int home = BackupKeys.level(last.range());
    int level = nextLevel(home);
    long end = search.newest(level).map(segment -> segment.range().endT()).orElse(0L);
    askedNanos[level] = now;
    boolean isFarther = end > last.range().endT();
    boolean isLastGone = level == home && end < last.range().endT();
    return isFarther || isLastGone ? look() : Optional.of(last);
  }

  private int nextLevel(int home) {
    int round = pollCount / OTHER_LEVEL_EVERY;
    boolean isForAnother = pollCount % OTHER_LEVEL_EVERY == OTHER_LEVEL_EVERY - 1;
    pollCount = (pollCount + 1) % (OTHER_LEVEL_EVERY * (BackupKeys.LEVEL_COUNT - 1));
    return isForAnother ? (home + 1 + round) % BackupKeys.LEVEL_COUNT : home;
  }
}
