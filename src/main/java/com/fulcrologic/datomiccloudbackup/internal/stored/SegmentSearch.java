package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Finds segments of one backup by the first entries of one listing per level of keys, without
 * reading whole listings. Immutable, thread-safe.
 */
record SegmentSearch(BackupStore store, BackupKeys keys) {
  private static final Comparator<StoredSegment> BY_END =
      Comparator.comparingLong(segment -> segment.range().endT());

  /** The segment that reaches farthest. */
  Optional<StoredSegment> newest() {
    return farthest(this::newest);
  }

  /**
   * The segment of this level that reaches farthest. The listing has the greatest start first; only
   * a segment that starts within a span of that segment's end can reach farther.
   */
  Optional<StoredSegment> newest(int level) {
    try (Stream<StoredObject> objects = store.list(keys.levelPrefix(level), "")) {
      Iterator<StoredSegment> segments = objects.flatMap(keys::segment).iterator();
      Optional<StoredSegment> newest = Optional.empty();
      while (segments.hasNext()) {
        StoredSegment next = segments.next();
        if (newest.isPresent() && !mayContain(level, next, newest.get().range().endT())) {
          break;
        }
        newest = Stream.concat(newest.stream(), Stream.of(next)).max(BY_END);
      }
      return newest;
    }
  }

  /** Among the segments that contain t, the one that reaches farthest. */
  Optional<StoredSegment> covering(long t) {
    return farthest(level -> covering(level, t));
  }

  private static Optional<StoredSegment> farthest(IntFunction<Optional<StoredSegment>> ofLevel) {
    return IntStream.range(0, BackupKeys.LEVEL_COUNT)
        .mapToObj(ofLevel)
        .flatMap(Optional::stream)
        .max(BY_END);
  }

  private Optional<StoredSegment> covering(int level, long t) {
    try (Stream<StoredObject> objects =
        store.list(keys.levelPrefix(level), keys.position(level, t))) {
      return objects
          .flatMap(keys::segment)
          .takeWhile(segment -> mayContain(level, segment, t))
          .filter(segment -> segment.range().contains(t))
          .max(BY_END);
    }
  }

  private static boolean mayContain(int level, StoredSegment segment, long t) {
    return t - segment.range().startT() < BackupKeys.spanMax(level);
  }
}
