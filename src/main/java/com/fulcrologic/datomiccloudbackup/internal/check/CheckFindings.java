package com.fulcrologic.datomiccloudbackup.internal.check;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.check.CheckFinding;
import com.fulcrologic.datomiccloudbackup.check.CheckFinding.Kind;
import com.fulcrologic.datomiccloudbackup.check.CheckReport;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts all findings, and keeps the first ones. Mutable; one thread. */
final class CheckFindings {
  private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
  private final List<CheckFinding> told = new ArrayList<>();

  void add(Kind kind, TxRange range, String message) {
    add(new CheckFinding(kind, Optional.of(range), message));
  }

  void add(Kind kind, long t, String message) {
    add(kind, new TxRange(t, t + 1), message);
  }

  void add(BackupException fault) {
    add(of(fault, Optional.empty()));
  }

  /** The finding for a fault of stored bytes. */
  static CheckFinding of(BackupException fault, Optional<TxRange> range) {
    Kind kind =
        fault instanceof UnsupportedFormatException ? Kind.UNSUPPORTED_FORMAT : Kind.CORRUPT;
    return new CheckFinding(kind, range, String.valueOf(fault.getMessage()));
  }

  void add(CheckFinding finding) {
    counts.merge(finding.kind(), 1L, Long::sum);
    if (told.size() < CheckReport.TOLD_COUNT_MAX) {
      told.add(finding);
    }
  }

  long count() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  Map<Kind, Long> counts() {
    return counts;
  }

  List<CheckFinding> told() {
    return told;
  }
}
