package com.fulcrologic.datomiccloudbackup.internal.stored;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Makes and parses the keys of the stored baselines of one backup. Immutable.
 *
 * <p>The baseline of t 1000 of the backup {@code orders} is {@code
 * orders/baselines/9223372036854774807-1000}; its parts are {@code orders/baseline-parts/1000/0},
 * {@code orders/baseline-parts/1000/1} and so on. The first number is 2<sup>63</sup> - 1 - t in 19
 * digits, so that an ascending listing starts with the greatest t.
 */
final class BaselineKeys {
  private static final String NUMBER = "0|[1-9][0-9]{0,8}";

  private final String prefix;
  private final String partsPrefix;

  BaselineKeys(String backupPrefix) {
    this.prefix = backupPrefix + "baselines/";
    this.partsPrefix = backupPrefix + "baseline-parts/";
  }

  String prefix() {
    return prefix;
  }

  /** The listing position before the baseline of t; smaller t follow. */
  String position(long t) {
    return prefix + SegmentKeys.inverted(t);
  }

  String key(long t) {
    return position(t) + "-" + t;
  }

  /** The t of the baseline that has this key; empty for any other key. */
  OptionalLong t(String key) {
    OptionalLong t = number(key.substring(key.lastIndexOf('-') + 1));
    return t.isPresent() && key(t.getAsLong()).equals(key) ? t : OptionalLong.empty();
  }

  String partsPrefix(long t) {
    return partsPrefix + t + "/";
  }

  String partKey(long t, int number) {
    return partsPrefix(t) + number;
  }

  /** The number of a part of the baseline of t; empty for any other key. */
  OptionalInt partNumber(long t, String key) {
    String number = key.substring(key.lastIndexOf('/') + 1);
    return key.equals(partsPrefix(t) + number) && number.matches(NUMBER)
        ? OptionalInt.of(Integer.parseInt(number))
        : OptionalInt.empty();
  }

  /** Whether a key is that of a baseline, or of a part of one, stored completely or not. */
  boolean isBaseline(String key) {
    if (!key.startsWith(partsPrefix)) {
      return t(key).isPresent();
    }
    OptionalLong t = number(key.substring(partsPrefix.length()).split("/", 2)[0]);
    return t.isPresent() && partNumber(t.getAsLong(), key).isPresent();
  }

  private static OptionalLong number(String digits) {
    try {
      long number = Long.parseLong(digits);
      return number < 0 ? OptionalLong.empty() : OptionalLong.of(number);
    } catch (NumberFormatException other) {
      return OptionalLong.empty();
    }
  }
}
