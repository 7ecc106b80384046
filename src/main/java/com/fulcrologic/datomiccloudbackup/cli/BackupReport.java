package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.BackupSummary;
import java.util.List;
import java.util.Map;

/** Reports the stored segments of a backup or a repair, for people and for programs. */
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
}
