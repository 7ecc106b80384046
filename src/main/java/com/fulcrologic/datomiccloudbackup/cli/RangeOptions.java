package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.Shard;
import com.fulcrologic.datomiccloudbackup.TxRange;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A part of the log, and one worker's share of it. */
final class RangeOptions {
  private static final Pattern RANGE =
      Pattern.compile("\\s*\\[\\s*(\\d{1,18})\\s*,\\s*(\\d{1,18})\\s*\\)\\s*");

  @Option(
      names = "--range",
      paramLabel = "RANGE",
      description =
          "Only the missing t of this range: '[A, B)' holds A, and not B."
              + " Any number of processes may do so at once.")
  private @Nullable String range;

  @Option(
      names = "--shard",
      paramLabel = "I",
      description = "Only this share of --range, from 0; with --of.")
  private @Nullable Integer shardIndex;

  @Option(names = "--of", paramLabel = "N", description = "The number of shares of --range.")
  private @Nullable Integer shardCount;

  boolean isGiven() {
    return range != null || shardIndex != null || shardCount != null;
  }

  Optional<TxRange> range() {
    if (range == null) {
      Usage.refuseIf(
          isGiven(),
          "--shard and --of go with --range",
          "give all workers the same --range, such as '[0, 80000000)': with a log that grows, they"
              + " would not agree on the shares");
      return Optional.empty();
    }
    Matcher matcher = RANGE.matcher(range);
    if (matcher.matches()) {
      long startT = Long.parseLong(matcher.group(1));
      long endT = Long.parseLong(matcher.group(2));
      if (startT < endT) {
        return Optional.of(new TxRange(startT, endT));
      }
    }
    throw Usage.refusal(
        "--range is not a range", "write it like '[0, 10000)', which is t 0 to 9999");
  }

  /** The share; empty for all of the range. */
  Optional<Shard> shard() {
    Integer index = shardIndex;
    Integer count = shardCount;
    Usage.refuseIf(
        (index == null) != (count == null),
        "--shard and --of go together",
        "give both of them, or neither");
    if (index == null || count == null) {
      return Optional.empty();
    }
    Usage.requireBetween("--of", count, 1, Shard.COUNT_MAX);
    return Optional.of(new Shard(Usage.requireBetween("--shard", index, 0, count - 1), count));
  }
}
