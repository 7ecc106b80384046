package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.BackupSummary;
import com.fulcrologic.datomiccloudbackup.DatabaseBackup;
import com.fulcrologic.datomiccloudbackup.TxRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reports what backups and repairs have stored, for people and for programs. */
final class BackupReport {
  private BackupReport() {}

  /** As in {@code stored 3 segments: 12 346 transactions, 98 765 datoms, 1.2 MB in 4.2 s (…)}. */
  static String line(BackupSummary summary) {
    return "stored %s: %s, %s, %s, in %s (%s)"
        .formatted(
            Words.counted(summary.segments().size(), "segment"),
            Words.counted(summary.transactionCount(), "transaction"),
            Words.counted(summary.datomCount(), "datom"),
            Words.size(summary.size()),
            Words.duration(summary.duration()),
            Words.rate(summary.transactionCount(), "transaction", summary.duration()));
  }

  static Map<String, Object> json(NamedBackup backup, BackupSummary summary) {
    Map<String, Object> json = backup.json();
    json.putAll(json(summary));
    return json;
  }

  static Map<String, Object> json(BackupSummary summary) {
    return Json.object(
        "basisT", summary.basisT(),
        "transactions", summary.transactionCount(),
        "datoms", summary.datomCount(),
        "bytes", summary.size(),
        "seconds", Words.seconds(summary.duration()),
        "segments", json(summary.segments()));
  }

  static List<Map<String, Object>> json(List<BackedUpSegment> segments) {
    return segments.stream().map(BackupReport::json).toList();
  }

  private static Map<String, Object> json(BackedUpSegment segment) {
    Map<String, Object> json = Json.range(segment.range());
    json.putAll(
        Json.object(
            "transactions", segment.transactionCount(),
            "datoms", segment.datomCount(),
            "bytes", segment.size(),
            "firstInstant", segment.firstInstant(),
            "lastInstant", segment.lastInstant()));
    return json;
  }

  static Report ofAll(String store, List<DatabaseBackup> backups) {
    return new Report(
        table(backups),
        Json.object("store", store, "databases", backups.stream().map(BackupReport::json).toList()),
        problem(store, backups));
  }

  private static Map<String, Object> json(DatabaseBackup backup) {
    Map<String, Object> json = Json.object("name", backup.name());
    backup.summary().map(BackupReport::json).ifPresent(json::putAll);
    backup.failure().map(Problem::of).ifPresent(problem -> json.put("error", problem.toJson()));
    return json;
  }

  private static List<String> table(List<DatabaseBackup> backups) {
    int width =
        Math.max(8, backups.stream().mapToInt(each -> each.name().length()).max().orElse(0));
    String format = "%-" + width + "s  %-24s %14s  %s";
    List<String> lines = new ArrayList<>();
    lines.add(String.format(Locale.ROOT, format, "database", "t", "transactions", "outcome"));
    for (DatabaseBackup each : backups) {
      lines.add(
          String.format(
                  Locale.ROOT,
                  format,
                  each.name(),
                  each.summary().flatMap(BackupReport::range).map(TxRange::toString).orElse("-"),
                  each.summary().map(sum -> Words.count(sum.transactionCount())).orElse("-"),
                  outcome(each))
              .stripTrailing());
    }
    return lines;
  }

  private static String outcome(DatabaseBackup backup) {
    return backup
        .failure()
        .map(Problem::of)
        .map(problem -> "error " + problem.exitCode() + ": " + problem.message())
        .or(() -> backup.summary().map(BackupReport::outcome))
        .orElse("");
  }

  private static String outcome(BackupSummary summary) {
    return summary.segments().isEmpty() ? "nothing new" : "stored";
  }

  private static Optional<TxRange> range(BackupSummary summary) {
    List<BackedUpSegment> segments = summary.segments();
    return segments.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new TxRange(
                segments.get(0).range().startT(),
                segments.get(segments.size() - 1).range().endT()));
  }

  private static Optional<Problem> problem(String store, List<DatabaseBackup> backups) {
    List<DatabaseBackup> failed =
        backups.stream().filter(each -> each.failure().isPresent()).toList();
    return failed.stream()
        .flatMap(each -> each.failure().stream())
        .map(Problem::of)
        .max(Comparator.comparingInt(BackupReport::severity))
        .map(
            worst ->
                new Problem(
                    worst.exitCode(),
                    "Failed to back up %s of %s into %s: %s"
                        .formatted(
                            failed.size(),
                            Words.counted(backups.size(), "database"),
                            store,
                            Words.first(failed.stream().map(DatabaseBackup::name).toList())),
                    "of the worst: " + worst.hint()));
  }

  /** A problem that passes with another run counts least; else the exit code rises with it. */
  private static int severity(Problem problem) {
    return problem.exitCode() == ExitCode.INCOMPLETE ? 0 : problem.exitCode();
  }
}
