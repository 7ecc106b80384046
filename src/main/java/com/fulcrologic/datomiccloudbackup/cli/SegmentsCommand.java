package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.upkeep.CoveredSegment;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(name = "segments", description = "Lists the stored segments.")
final class SegmentsCommand extends Command {
  @Mixin private StoreOptions.OfBackup stored = new StoreOptions.OfBackup();

  @Option(
      names = "--covered",
      description =
          "Lists instead, by key, the segments that no reader uses, since larger ones cover them."
              + " They can be removed, all at once, when check --level decode ends with 0.")
  private boolean covered;

  @Override
  Report run() {
    NamedBackup backup = stored.openBackup();
    return covered ? covered(backup) : inUse(backup);
  }

  private static Report inUse(NamedBackup backup) {
    List<BackedUpSegment> segments = backup.cloning().segments(backup.name());
    return new Report(
        table(segments),
        backup.json(
            "transactions", sum(segments, BackedUpSegment::transactionCount),
            "datoms", sum(segments, BackedUpSegment::datomCount),
            "bytes", sum(segments, BackedUpSegment::size),
            "segments", BackupReport.json(segments)));
  }

  private static Report covered(NamedBackup backup) {
    List<CoveredSegment> segments = backup.cloning().coveredSegments(backup.name());
    return new Report(
        segments.stream().map(CoveredSegment::key).toList(),
        backup.json(
            "bytes", sum(segments, CoveredSegment::size),
            "covered", segments.stream().map(SegmentsCommand::json).toList()));
  }

  private static Map<String, Object> json(CoveredSegment segment) {
    Map<String, Object> json = Json.range(segment.range());
    json.put("key", segment.key());
    json.put("bytes", segment.size());
    return json;
  }

  private static List<String> table(List<BackedUpSegment> segments) {
    List<String> lines = new ArrayList<>();
    lines.add(row("t", "transactions", "datoms", "stored", "from", "to"));
    for (BackedUpSegment segment : segments) {
      lines.add(
          row(
              segment.range(),
              Words.count(segment.transactionCount()),
              Words.count(segment.datomCount()),
              Words.size(segment.size()),
              date(segment.firstInstant()),
              date(segment.lastInstant())));
    }
    lines.add(
        row(
            Words.counted(segments.size(), "segment"),
            Words.count(sum(segments, BackedUpSegment::transactionCount)),
            Words.count(sum(segments, BackedUpSegment::datomCount)),
            Words.size(sum(segments, BackedUpSegment::size)),
            date(segments.get(0).firstInstant()),
            date(segments.get(segments.size() - 1).lastInstant())));
    return lines;
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-24s %14s %14s %10s  %-20s  %s", cells).stripTrailing();
  }

  private static String date(Optional<Instant> instant) {
    return instant.map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString()).orElse("-");
  }

  private static <T> long sum(List<T> segments, ToLongFunction<T> count) {
    return segments.stream().mapToLong(count).sum();
  }
}
