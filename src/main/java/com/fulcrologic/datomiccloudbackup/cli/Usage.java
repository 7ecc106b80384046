package com.fulcrologic.datomiccloudbackup.cli;

import static java.time.temporal.ChronoUnit.DAYS;
import static java.time.temporal.ChronoUnit.HOURS;
import static java.time.temporal.ChronoUnit.MILLIS;
import static java.time.temporal.ChronoUnit.MINUTES;
import static java.time.temporal.ChronoUnit.SECONDS;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Refuses what a command line asks for and cannot have. */
final class Usage {
  private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Map<String, ChronoUnit> UNITS =
      Map.of("ms", MILLIS, "s", SECONDS, "m", MINUTES, "h", HOURS, "d", DAYS);

  private Usage() {}

  static InvalidConfigurationException refusal(String message, String hint) {
    return new InvalidConfigurationException(message, hint);
  }

  static void refuseIf(boolean isUnusable, String message, String hint) {
    if (isUnusable) {
      throw refusal(message, hint);
    }
  }

  /**
   * A duration of ISO-8601 ({@code PT15M}) or a short one ({@code 500ms}, {@code 30s}, {@code 15m},
   * {@code 2h}, {@code 1d}); refuses any other text, and a duration that is not positive.
   */
  static Duration duration(String option, String text) {
    Duration duration = durationOrZero(text);
    refuseIf(
        duration.isZero() || duration.isNegative(),
        option + " is not a duration",
        "write it like 30s, 15m, 2h, 1d or PT15M");
    return duration;
  }

  private static Duration durationOrZero(String text) {
    Matcher matcher = SHORT_DURATION.matcher(text);
    try {
      return matcher.matches()
          ? Duration.of(Long.parseLong(matcher.group(1)), UNITS.get(matcher.group(2)))
          : Duration.parse(text);
    } catch (DateTimeException malformed) {
      return Duration.ZERO;
    }
  }

  /** The value of an option that has a smallest and a largest one. */
  static int requireBetween(String option, int value, int min, int max) {
    refuseIf(
        value < min || value > max,
        option + " is out of range: " + value,
        max == Integer.MAX_VALUE ? "give at least " + min : "give " + min + " to " + max);
    return value;
  }

  /** The content of an option's file; of a file that is too large, one byte more than allowed. */
  static byte[] bytes(String option, String file, int sizeMax, String hint) {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      return in.readNBytes(sizeMax + 1);
    } catch (IOException | InvalidPathException unreadable) {
      throw refusal(option + " names no file that can be read", hint);
    }
  }
}
