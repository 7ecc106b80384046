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

/** Reports the backups of all databases of a system, for people and for programs. */
final class AllDatabasesReport {
  private AllDatabasesReport() {}

  static Report of(String store, List<DatabaseBackup> backups) {
    return new Report(
        table(backups),
        Json.object(
            "store", store, "databases", backups.stream().map(AllDatabasesReport::json).toList()),
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
                  each.summary()
                      .flatMap(AllDatabasesReport::range)
                      .map(TxRange::toString)
                      .orElse("-"),
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
        .or(() -> backup.summary().map(AllDatabasesReport::outcome))
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
        .max(Comparator.comparingInt(AllDatabasesReport::severity))
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

  /**
   * The severity of a problem. A problem that passes with another run counts least; for the others,
   * the exit code rises with the severity.
   */
  private static int severity(Problem problem) {
    return problem.exitCode() == ExitCode.INCOMPLETE ? 0 : problem.exitCode();
  }
}
