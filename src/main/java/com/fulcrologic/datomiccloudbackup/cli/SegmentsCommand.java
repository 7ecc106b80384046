package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.upkeep.CoveredSegment;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the stored segments: those that readers use, or those that no reader uses. */
@picocli.CommandLine.Command(name = "segments", description = "Lists the stored segments.")
final class SegmentsCommand extends Command {
  @Mixin private StoredBackupOptions stored = new StoredBackupOptions();

  @Option(
      names = "--covered",
      description =
          "Lists instead, by key, the segments that no reader uses, since larger ones cover them."
              + " They can be removed, all at once, when check --level decode ends with 0.")
  private boolean covered;

  SegmentsCommand(Console console) {
    super(console);
  }

  @Override
  Report run() {
    BackupStore backups = stored.open();
    String name = stored.name();
    if (covered) {
      return covered(backups, name);
    }
    List<BackedUpSegment> segments = Cloning.with(backups).segments(name);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put("store", backups.location());
    json.put("transactions", transactionCount(segments));
    json.put("datoms", datomCount(segments));
    json.put("bytes", size(segments));
    json.put("segments", segments.stream().map(BackupReport::json).toList());
    return new Report(table(segments), json);
  }

  private Report covered(BackupStore backups, String name) {
    List<CoveredSegment> segments = Cloning.with(backups).coveredSegments(name);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put("store", backups.location());
    json.put("bytes", segments.stream().mapToLong(CoveredSegment::size).sum());
    json.put("covered", segments.stream().map(SegmentsCommand::json).toList());
    return new Report(segments.stream().map(CoveredSegment::key).toList(), json);
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
            Words.count(transactionCount(segments)),
            Words.count(datomCount(segments)),
            Words.size(size(segments)),
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

  private static long transactionCount(List<BackedUpSegment> segments) {
    return segments.stream().mapToLong(BackedUpSegment::transactionCount).sum();
  }

  private static long datomCount(List<BackedUpSegment> segments) {
    return segments.stream().mapToLong(BackedUpSegment::datomCount).sum();
  }

  private static long size(List<BackedUpSegment> segments) {
    return segments.stream().mapToLong(BackedUpSegment::size).sum();
  }
}
