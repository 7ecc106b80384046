package com.fulcrologic.datomiccloudbackup.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations as people write them. */
final class Durations {
  private static final Pattern SHORT = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private Durations() {}

  /**
   * A duration of ISO-8601 ({@code PT15M}) or a short one ({@code 500ms}, {@code 30s}, {@code 15m},
   * {@code 2h}, {@code 1d}); refuses any other text, and a duration that is not positive.
   */
  static Duration parse(String option, String text) {
    Duration duration = parse(text);
    Usage.refuseIf(
        duration.isZero() || duration.isNegative(),
        option + " is not a duration",
        "write it like 30s, 15m, 2h, 1d or PT15M");
    return duration;
  }

  /** The duration; zero if the text is none. */
  private static Duration parse(String text) {
    Matcher matcher = SHORT.matcher(text);
    if (matcher.matches()) {
      long count = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(count);
        case "s" -> Duration.ofSeconds(count);
        case "m" -> Duration.ofMinutes(count);
        case "h" -> Duration.ofHours(count);
        default -> Duration.ofDays(count);
      };
    }
    try {
      return Duration.parse(text);
    } catch (DateTimeException malformed) {
      return Duration.ZERO;
    }
  }
}
