package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes and parses the keys of one backup, for all stores. Immutable.
 *
 * <p>The segment {@code [1000, 2000)} of the backup {@code orders} is {@code
 * orders/segments/0/922337203685477/4807-1000-2000}:
 *
 * <ul>
 *   <li>{@code orders}: the name, as {@link BackupNames} encodes it;
 *   <li>{@code 0}: the level: 0 holds spans up to 1 000, 1 up to 1 000 000, 2 the rest;
 *   <li>{@code 922337203685477/4807}: 2<sup>63</sup> - 1 - startT in 19 digits, so that a level's
 *       ascending listing starts with the greatest startT. The slash is before the last 3 level + 4
 *       digits, so that a directory has 10 to 10 000 segments that do not overlap;
 *   <li>{@code 1000-2000}: startT and endT.
 * </ul>
 *
 * <p>The claims {@code orders/claim}, {@code orders/claim-1} and so on state the database of the
 * backup.
 *
 * <p>The levels keep searches short without a pointer object, which could be wrong. A segment that
 * contains t starts within the {@link #spanMax} of its level before t. At most 1 000 segments of a
 * level that do not overlap start there: one page of S3.
 */
final class SegmentKeys {
  private static final long[] SPAN_MAX = {1_000, 1_000_000, Long.MAX_VALUE}; // by level

  static final int LEVEL_COUNT = SPAN_MAX.length;
  private static final int DIGIT_COUNT = 19;

  private final String backupPrefix;

  private SegmentKeys(String element) {
    this.backupPrefix = element + "/";
  }

  static SegmentKeys of(String name) {
    return new SegmentKeys(BackupNames.encode(name));
  }

  String backupPrefix() {
    return backupPrefix;
  }

  String claimPrefix() {
    return backupPrefix + "claim";
  }

  /** The key of a claim, counted from 0. */
  String claimKey(int number) {
    return number == 0 ? claimPrefix() : claimPrefix() + "-" + number;
  }

  /** The number of the claim that has this key; empty for any other key. */
  Optional<Integer> claimNumber(String key) {
    if (key.equals(claimPrefix())) {
      return Optional.of(0);
    }
    String digits =
        key.startsWith(claimPrefix() + "-") ? key.substring(claimPrefix().length() + 1) : "";
    return digits.matches("[1-9][0-9]{0,5}")
        ? Optional.of(Integer.parseInt(digits))
        : Optional.empty();
  }

  String segmentsPrefix() {
    return backupPrefix + "segments/";
  }

  String levelPrefix(int level) {
    return segmentsPrefix() + level + "/";
  }

  /** The listing position before the segments of a level that start at t; smaller starts follow. */
  String position(int level, long t) {
    String inverted = inverted(t);
    int cut = DIGIT_COUNT - Math.min(3 * level + 4, DIGIT_COUNT - 1);
    return levelPrefix(level) + inverted.substring(0, cut) + "/" + inverted.substring(cut);
  }

  /** The number as 19 digits by which a listing starts with the greatest one. */
  static String inverted(long number) {
    String digits = Long.toString(Long.MAX_VALUE - number);
    return "0".repeat(DIGIT_COUNT - digits.length()) + digits;
  }

  String key(TxRange range) {
    return position(level(range), range.startT()) + "-" + range.startT() + "-" + range.endT();
  }

  /** The range of the segment that has this key; empty for a foreign key. */
  Optional<TxRange> range(String key) {
    int endAt = key.lastIndexOf('-') + 1;
    int startAt = key.lastIndexOf('-', endAt - 2) + 1;
    if (startAt == 0) {
      return Optional.empty();
    }
    try {
      long startT = Long.parseLong(key, startAt, endAt - 1, 10);
      long endT = Long.parseLong(key, endAt, key.length(), 10);
      // Each range has exactly one key: without leading zeros, and in its own level.
      return startT >= 0 && startT < endT
          ? Optional.of(new TxRange(startT, endT)).filter(range -> key(range).equals(key))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The segment of a listed object; none for a foreign object. */
  Stream<StoredSegment> segment(StoredObject object) {
    return range(object.key()).map(range -> new StoredSegment(range, object.size())).stream();
  }

  /** The level of segments with this range's span. */
  static int level(TxRange range) {
    int level = 0;
    while (range.span() > spanMax(level)) {
      level++;
    }
    return level;
  }

  static long spanMax(int level) {
    return SPAN_MAX[level];
  }
}
