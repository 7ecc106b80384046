package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

/**
 * Makes and parses the keys of one backup, for all stores. Each object has exactly one key, and any
 * other key is foreign. Immutable.
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
 * <p>The levels keep searches short without a pointer object, which could be wrong. A segment that
 * contains t starts within the {@link #spanMax} of its level before t. At most 1 000 segments of a
 * level that do not overlap start there: one page of S3.
 *
 * <p>The claims {@code orders/claim}, {@code orders/claim-1} and so on state the database of the
 * backup. The baseline of t 1000 is {@code orders/baselines/9223372036854774807-1000}; its parts
 * are {@code orders/baseline-parts/1000/0} and so on. The receipt 0, in a store of receipts, is
 * {@code orders/receipts/922337203685477/5807}.
 */
final class BackupKeys {
  private static final long[] SPAN_MAX = {1_000, 1_000_000, Long.MAX_VALUE}; // by level
  static final int LEVEL_COUNT = SPAN_MAX.length;
  private static final int DIGIT_COUNT = 19;
  private static final long CLAIM_NUMBER_MAX = 999_999;
  private static final long PART_NUMBER_MAX = 999_999_999;

  private final String backupPrefix;

  private BackupKeys(String element) {
    this.backupPrefix = element + "/";
  }

  static BackupKeys of(String name) {
    return new BackupKeys(BackupNames.encode(name));
  }

  String backupPrefix() {
    return backupPrefix;
  }

  /** Whether a key under the backup's name is that of none of its objects. */
  boolean isForeign(String key) {
    return range(key).isEmpty()
        && claimNumber(key).isEmpty()
        && baselineT(key).isEmpty()
        && !isBaselinePart(key)
        && receiptNumber(key).isEmpty();
  }

  String claimPrefix() {
    return backupPrefix + "claim";
  }

  /** The key of a claim, counted from 0. */
  String claimKey(long number) {
    return number == 0 ? claimPrefix() : claimPrefix() + "-" + number;
  }

  /** The number of the claim that has this key; empty for any other key. */
  OptionalLong claimNumber(String key) {
    return number(
        key.equals(claimPrefix()) ? "0" : afterLast('-', key),
        number -> number <= CLAIM_NUMBER_MAX && claimKey(number).equals(key));
  }

  String segmentsPrefix() {
    return backupPrefix + "segments/";
  }

  String levelPrefix(int level) {
    return segmentsPrefix() + level + "/";
  }

  /** The listing position before the segments of a level that start at t; smaller starts follow. */
  String position(int level, long t) {
    return levelPrefix(level) + inverted(t, Math.min(3 * level + 4, DIGIT_COUNT - 1));
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

  String baselinesPrefix() {
    return backupPrefix + "baselines/";
  }

  /** The listing position before the baseline of t; smaller t follow. */
  String baselinePosition(long t) {
    return baselinesPrefix() + inverted(t);
  }

  String baselineKey(long t) {
    return baselinePosition(t) + "-" + t;
  }

  /** The t of the baseline that has this key; empty for any other key. */
  OptionalLong baselineT(String key) {
    return number(afterLast('-', key), t -> baselineKey(t).equals(key));
  }

  String partsPrefix(long t) {
    return backupPrefix + "baseline-parts/" + t + "/";
  }

  String partKey(long t, long number) {
    return partsPrefix(t) + number;
  }

  /** The number of a part of the baseline of t; empty for any other key. */
  OptionalLong partNumber(long t, String key) {
    return number(
        afterLast('/', key), number -> number <= PART_NUMBER_MAX && partKey(t, number).equals(key));
  }

  /** Whether a key is that of a part of a baseline, stored completely or not. */
  private boolean isBaselinePart(String key) {
    String parent = key.substring(0, Math.max(0, key.lastIndexOf('/')));
    return number(afterLast('/', parent), t -> partNumber(t, key).isPresent()).isPresent();
  }

  String receiptsPrefix() {
    return backupPrefix + "receipts/";
  }

  /** The slash is before the last 4 digits: a directory has 10 000 receipts at most. */
  String receiptKey(long number) {
    return receiptsPrefix() + inverted(number, 4);
  }

  /** The number of the receipt that has this key; empty for any other key. */
  OptionalLong receiptNumber(String key) {
    String inverted =
        key.startsWith(receiptsPrefix())
            ? key.substring(receiptsPrefix().length()).replace("/", "")
            : "";
    OptionalLong number = number(inverted, each -> receiptKey(Long.MAX_VALUE - each).equals(key));
    return number.isPresent() ? OptionalLong.of(Long.MAX_VALUE - number.getAsLong()) : number;
  }

  private static String inverted(long number, int lastDigitCount) {
    String inverted = inverted(number);
    int cut = DIGIT_COUNT - lastDigitCount;
    return inverted.substring(0, cut) + "/" + inverted.substring(cut);
  }

  /** The number as 19 digits by which a listing starts with the greatest one. */
  private static String inverted(long number) {
    String digits = Long.toString(Long.MAX_VALUE - number);
    return "0".repeat(DIGIT_COUNT - digits.length()) + digits;
  }

  private static String afterLast(char separator, String key) {
    return key.substring(key.lastIndexOf(separator) + 1);
  }

  /** The number of these digits; empty for no number, or one whose own key is another one. */
  private static OptionalLong number(String digits, LongPredicate hasKey) {
    try {
      long number = Long.parseLong(digits);
      return number >= 0 && hasKey.test(number) ? OptionalLong.of(number) : OptionalLong.empty();
    } catch (NumberFormatException other) {
      return OptionalLong.empty();
    }
  }
}
