package com.fulcrologic.datomiccloudbackup.cli;

import static java.time.Duration.ZERO;

import com.fulcrologic.datomiccloudbackup.LeftOut;
import com.fulcrologic.datomiccloudbackup.RestoreSummary;
import com.fulcrologic.datomiccloudbackup.RestoreSummary.LoadedBaseline;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.TxRange;
import java.time.Duration;
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
    json.put("baseline", summary.baseline().map(RestoreReport::json));
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

  /** The warning for a filter that names nothing. */
  static String unmatched(String ident) {
    return "no attribute has ever been named " + ident + ", so this filter means nothing";
  }

  static Optional<Problem> problem(List<Long> unequalTs) {
    if (unequalTs.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Problem(
            ExitCode.LOGS_DIFFER,
            ("the target logged other datoms than the source, at source t %s; all the rest is "
                    + "restored")
                .formatted(Words.first(unequalTs)),
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
        "database %s holds backup %s%s, which is its own t %s"
            .formatted(
                databaseName,
                backupName,
                summary.lastSourceT().isPresent() ? " up to source " + standsAt : "",
                targetT);
    List<String> done = new ArrayList<>();
    summary.baseline().ifPresent(baseline -> done.add(line(baseline)));
    summary.range().ifPresent(range -> done.add(line(range, summary)));
    if (done.isEmpty()) {
      return List.of("nothing new: " + standing);
    }
    done.add(0, standing);
    done.addAll(lines(summary.leftOut()));
    return done;
  }

  /** The line of a report for a loaded state. */
  static String line(LoadedBaseline baseline) {
    return "  loaded the state as of source t %s: %s with Datomic's own, in %s (%s)"
        .formatted(
            baseline.t(),
            Words.counted(baseline.datomCount(), "datom"),
            Words.duration(baseline.duration()),
            Words.rate(baseline.datomCount(), "datom", baseline.duration()));
  }

  private static String line(TxRange range, RestoreSummary summary) {
    Duration duration =
        summary.duration().minus(summary.baseline().map(LoadedBaseline::duration).orElse(ZERO));
    return "  restored %s: %s, %s from %s, in %s (%s)"
        .formatted(
            range,
            Words.counted(summary.transactionCount(), "transaction"),
            Words.counted(summary.datomCount(), "datom"),
            Words.counted(summary.segmentCount(), "segment"),
            Words.duration(duration),
            Words.rate(summary.transactionCount(), "transaction", duration));
  }

  /** One line for each kind. */
  static List<String> lines(List<LeftOut> leftOut) {
    return leftOut.stream()
        .map(
            each ->
                "  left out, as the target has no place for it: %s%s%s"
                    .formatted(
                        each.kind().equals(LeftOut.PARTITION)
                            ? "the partition of entities with "
                            : each.kind() + ", ",
                        Words.counted(each.count(), "datom"),
                        each.names().isEmpty()
                            ? ""
                            : " (" + Words.first(List.copyOf(each.names())) + ")"))
        .toList();
  }

  private static Map<String, Object> json(LoadedBaseline baseline) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("t", baseline.t());
    json.put("datoms", baseline.datomCount());
    json.put("seconds", Words.seconds(baseline.duration()));
    return json;
  }

  static List<Map<String, Object>> json(List<LeftOut> leftOut) {
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
