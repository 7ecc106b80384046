package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.LeftOut;
import com.fulcrologic.datomiccloudbackup.RestoreSummary;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The report of a restore.
 *
 * @param end the requested end of the restore
 */
record RestoreReport(String backupName, String store, String databaseName, SourcePoint end) {

  /**
   * @param targetT the target's own t
   */
  Report of(RestoreSummary summary, long targetT) {
    Optional<SourcePoint> reached = reached(summary);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", backupName);
    json.put("store", store);
    json.put("db", databaseName);
    json.put("segmentCount", summary.segmentCount());
    json.put("transactions", summary.transactionCount());
    json.put("datoms", summary.datomCount());
    json.put("seconds", Words.seconds(summary.duration()));
    json.put("lastSourceT", summary.lastSourceT());
    json.put("lastInstant", reached.map(SourcePoint::instant));
    json.put("targetT", targetT);
    json.put("unmatchedFilters", summary.unmatchedFilters().stream().sorted().toList());
    json.put("unequalTs", summary.unequalTs());
    json.put("leftOut", json(summary.leftOut()));
    return new Report(lines(summary, targetT), json, problem(summary.unequalTs()));
  }

  private static Optional<Problem> problem(List<Long> unequalTs) {
    if (unequalTs.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Problem(
            ExitCode.LOGS_DIFFER,
            "the target logged other datoms than the source, at source t "
                + Words.first(unequalTs)
                + "; all the rest is restored",
            "see what differs with verify, and docs/fidelity.adoc for what Datomic cannot replay"));
  }

  /** The reached end; empty when the target is at another t, since more was stored meanwhile. */
  private Optional<SourcePoint> reached(RestoreSummary summary) {
    return summary.lastSourceT().equals(OptionalLong.of(end.t()))
        ? Optional.of(end)
        : Optional.empty();
  }

  private List<String> lines(RestoreSummary summary, long targetT) {
    String standsAt =
        reached(summary).map(Words::point).orElseGet(() -> "t " + summary.lastSourceT().orElse(-1));
    String standing =
        "database "
            + databaseName
            + " holds backup "
            + backupName
            + (summary.lastSourceT().isPresent() ? " up to source " + standsAt : "")
            + ", which is its own t "
            + targetT;
    if (summary.range().isEmpty()) {
      return List.of("nothing new: " + standing);
    }
    List<String> lines = new ArrayList<>(List.of(standing));
    lines.add(
        "  restored "
            + summary.range().get()
            + ": "
            + Words.counted(summary.transactionCount(), "transaction")
            + ", "
            + Words.counted(summary.datomCount(), "datom")
            + " from "
            + Words.counted(summary.segmentCount(), "segment")
            + ", in "
            + Words.duration(summary.duration())
            + " ("
            + Words.rate(summary.transactionCount(), "transactions", summary.duration())
            + ")");
    lines.addAll(lines(summary.leftOut()));
    return lines;
  }

  /** One line for each kind. */
  static List<String> lines(List<LeftOut> leftOut) {
    return leftOut.stream()
        .map(
            each ->
                "  left out, as the target has no place for it: "
                    + (each.kind().equals(LeftOut.PARTITION)
                        ? "the partition of entities with "
                        : each.kind() + ", ")
                    + Words.counted(each.count(), "datom")
                    + (each.names().isEmpty()
                        ? ""
                        : " (" + Words.first(List.copyOf(each.names())) + ")"))
        .toList();
  }

  private static List<Map<String, Object>> json(List<LeftOut> leftOut) {
    List<Map<String, Object>> json = new ArrayList<>();
    for (LeftOut each : leftOut) {
      Map<String, Object> kind = new LinkedHashMap<>();
      kind.put("kind", each.kind());
      kind.put("names", each.names());
      kind.put("datoms", each.count());
      json.add(kind);
    }
    return json;
  }
}
