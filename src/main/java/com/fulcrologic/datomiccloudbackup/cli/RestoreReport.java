package com.fulcrologic.datomiccloudbackup.cli;

import static java.time.Duration.ZERO;

import com.fulcrologic.datomiccloudbackup.LeftOut;
import com.fulcrologic.datomiccloudbackup.RestoreSummary;
import com.fulcrologic.datomiccloudbackup.RestoreSummary.LoadedBaseline;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.TxRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The report of a restore, up to the requested end. */
record RestoreReport(NamedBackup backup, String databaseName, SourcePoint end) {

  Report of(RestoreSummary summary, long targetT) {
    Map<String, Object> json =
        backup.json(
            "db", databaseName,
            "baseline", summary.baseline().map(RestoreReport::json),
            "segmentCount", summary.segmentCount(),
            "transactions", summary.transactionCount(),
            "datoms", summary.datomCount(),
            "seconds", Words.seconds(summary.duration()),
            "lastSourceT", summary.lastSourceT(),
            "lastInstant", reached(summary).map(SourcePoint::instant),
            "targetT", targetT,
            "unmatchedFilters", summary.unmatchedFilters().stream().sorted().toList(),
            "unequalTs", summary.unequalTs(),
            "leftOut", json(summary.leftOut()));
    return new Report(lines(summary, targetT), json, problem(summary.unequalTs()));
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
    String upTo =
        reached(summary).map(Words::point).orElseGet(() -> "t " + summary.lastSourceT().orElse(-1));
    String standing =
        "database %s holds backup %s%s, which is its own t %s"
            .formatted(
                databaseName,
                backup.name(),
                summary.lastSourceT().isPresent() ? " up to source " + upTo : "",
                targetT);
    if (summary.baseline().isEmpty() && summary.range().isEmpty()) {
      return List.of("nothing new: " + standing);
    }
    List<String> lines = new ArrayList<>(List.of(standing));
    summary.baseline().ifPresent(baseline -> lines.add(line(baseline)));
    summary.range().ifPresent(range -> lines.add(line(range, summary)));
    lines.addAll(lines(summary.leftOut()));
    return lines;
  }

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
    return leftOut.stream().map(RestoreReport::line).toList();
  }

  private static String line(LeftOut each) {
    boolean isPartition = each.kind().equals(LeftOut.PARTITION);
    String names = Words.first(List.copyOf(each.names()));
    return "  left out, as the target has no place for it: %s%s%s"
        .formatted(
            isPartition ? "the partition of entities with " : each.kind() + ", ",
            Words.counted(each.count(), "datom"),
            names.isEmpty() ? "" : " (" + names + ")");
  }

  private static Map<String, Object> json(LoadedBaseline baseline) {
    return Json.object(
        "t", baseline.t(),
        "datoms", baseline.datomCount(),
        "seconds", Words.seconds(baseline.duration()));
  }

  static List<Map<String, Object>> json(List<LeftOut> leftOut) {
    return leftOut.stream().map(RestoreReport::json).toList();
  }

  private static Map<String, Object> json(LeftOut each) {
    return Json.object("kind", each.kind(), "names", each.names(), "datoms", each.count());
  }
}
