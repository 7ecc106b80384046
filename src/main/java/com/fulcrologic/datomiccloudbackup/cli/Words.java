package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.Lag;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Formats numbers for people, the same in every locale. */
final class Words {
  private static final int NAMED_COUNT = 5;
  private static final int DAYS_OF_A_YEAR = 365;
  private static final int DAYS_COUNTED_MAX = 2 * DAYS_OF_A_YEAR;

  private static final String[] SIZE_UNITS = {"kB", "MB", "GB", "TB", "PB"};

  private Words() {}

  /** As in {@code 12 000}. */
  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count).replace(',', ' ');
  }

  /** As in {@code 1 transaction}, {@code 12 000 transactions}. */
  static String counted(long count, String thing) {
    return count(count) + " " + thing + (count == 1 ? "" : "s");
  }

  /** As in {@code 1, 2, 3 and 7 more}. */
  static String first(List<?> things) {
    String named =
        things.stream().limit(NAMED_COUNT).map(String::valueOf).collect(Collectors.joining(", "));
    int more = things.size() - NAMED_COUNT;
    return more > 0 ? named + " and " + more + " more" : named;
  }

  /** As in {@code 512 bytes}, {@code 1.5 MB}; in powers of 1000. */
  static String size(long size) {
    if (size < 1000) {
      return counted(size, "byte");
    }
    double scaled = size;
    int unit = -1;
    while (scaled >= 999.95 && unit < SIZE_UNITS.length - 1) {
      scaled /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", scaled, SIZE_UNITS[unit]);
  }

  /**
   * As in {@code 0.4 s}, {@code 59 s}, {@code 5 min 9 s}, {@code 1 h 5 min}, {@code 2 d 3 h},
   * {@code 54 years}: in two units at most.
   */
  static String duration(Duration duration) {
    if (duration.toSeconds() < 10) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
    long days = duration.toDays();
    if (days >= DAYS_COUNTED_MAX) {
      return count(days / DAYS_OF_A_YEAR) + " years";
    }
    if (days > 0) {
      return units(days, "d", duration.toHoursPart(), "h");
    }
    return duration.toHours() > 0
        ? units(duration.toHours(), "h", duration.toMinutesPart(), "min")
        : units(duration.toMinutes(), "min", duration.toSecondsPart(), "s");
  }

  /** Of two units, those that are not 0. */
  private static String units(long many, String unit, int few, String smaller) {
    return Stream.of(many == 0 ? "" : many + " " + unit, few == 0 ? "" : few + " " + smaller)
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(" "));
  }

  /** As in {@code 00:12}, {@code 1:05:09}. */
  static String clock(Duration duration) {
    String minutesAndSeconds =
        String.format(Locale.ROOT, "%02d:%02d", duration.toMinutesPart(), duration.toSecondsPart());
    return duration.toHours() == 0
        ? minutesAndSeconds
        : duration.toHours() + ":" + minutesAndSeconds;
  }

  /**
   * As in {@code 1 transaction/s}, {@code 3 000 transactions/s}; a duration counts as at least one
   * millisecond.
   */
  static String rate(long count, String thing, Duration duration) {
    return counted(Math.round(count * 1000.0 / Math.max(1, duration.toMillis())), thing) + "/s";
  }

  /** As in {@code t 41 of 2022-12-31T23:59:58.120Z}. */
  static String point(SourcePoint point) {
    return "t " + point.t() + " of " + point.instant();
  }

  /** As in {@code 3 t behind, 5 min}. */
  static String behind(Lag lag) {
    return count(lag.t()) + " t behind, " + duration(lag.time());
  }

  /** With decimals, for JSON. */
  static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
