package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.BackupSummary;
import java.util.LinkedHashMap;
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

  static Map<String, Object> json(String backupName, String store, BackupSummary summary) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", backupName);
    json.put("store", store);
    json.put("basisT", summary.basisT());
    json.put("transactions", summary.transactionCount());
    json.put("datoms", summary.datomCount());
    json.put("bytes", summary.size());
    json.put("seconds", Words.seconds(summary.duration()));
    json.put("segments", summary.segments().stream().map(BackupReport::json).toList());
    return json;
  }

  /** A stored segment as an object. */
  static Map<String, Object> json(BackedUpSegment segment) {
    Map<String, Object> json = Json.range(segment.range());
    json.put("transactions", segment.transactionCount());
    json.put("datoms", segment.datomCount());
    json.put("bytes", segment.size());
    json.put("firstInstant", segment.firstInstant());
    json.put("lastInstant", segment.lastInstant());
    return json;
  }
}
