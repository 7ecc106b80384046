package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupStatus;
import com.fulcrologic.datomiccloudbackup.Lag;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reports the lag of a backup and of a target, for people and for programs. */
record StatusReport(String name, String store, BackupStatus status, Optional<Duration> maxLag) {

  Report report() {
    return new Report(lines(), json(), problem());
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("source: " + Words.point(status.source()));
    lines.add(
        "stored: " + place(status.stored(), status.lag()) + ", as backup " + name + " in " + store);
    status.gaps().forEach(gap -> lines.add("missing: " + gap));
    status
        .target()
        .ifPresent(
            target ->
                lines.add(
                    "restored: " + place(target.restored(), status.targetLag().orElseThrow())));
    return lines;
  }

  private static String place(Optional<SourcePoint> reached, Lag lag) {
    String behind =
        lag.t() == 0
            ? "nothing is missing"
            : Words.count(lag.t()) + " t behind, " + Words.duration(lag.time());
    return reached.map(Words::point).orElse("nothing") + " (" + behind + ")";
  }

  private Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put("store", store);
    json.put("source", point(status.source()));
    json.put("stored", status.stored().map(StatusReport::point));
    put(json, status.lag());
    json.put("gaps", status.gaps().stream().map(Json::range).toList());
    status
        .target()
        .ifPresent(
            target -> {
              Map<String, Object> inner = new LinkedHashMap<>();
              inner.put("restored", target.restored().map(StatusReport::point));
              put(inner, status.targetLag().orElseThrow());
              json.put("target", inner);
            });
    json.put("maxLagSeconds", maxLag.map(Words::seconds));
    return json;
  }

  static void put(Map<String, Object> json, Lag lag) {
    json.put("lagT", lag.t());
    json.put("lagSeconds", Words.seconds(lag.time()));
  }

  static Map<String, Object> point(SourcePoint point) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("t", point.t());
    json.put("instant", point.instant());
    return json;
  }

  private Optional<Problem> problem() {
    return stale().or(this::incomplete);
  }

  private Optional<Problem> incomplete() {
    return status.gaps().stream()
        .findFirst()
        .map(
            gap ->
                new Problem(
                    ExitCode.INCOMPLETE,
                    "backup %s is incomplete: it lacks %s%s"
                        .formatted(
                            name,
                            gap,
                            status.gaps().size() == 1
                                ? ""
                                : " and " + Words.counted(status.gaps().size() - 1, "more range")),
                    "run backup: it fills the gaps from the source first"));
  }

  private Optional<Problem> stale() {
    Lag worst = status.worstLag();
    return maxLag
        .filter(max -> !worst.isWithin(max))
        .map(
            max ->
                new Problem(
                    ExitCode.STALE,
                    (worst.equals(status.lag()) ? "backup " + name : "the target")
                        + " is "
                        + Words.duration(worst.time())
                        + " behind the source, and at most "
                        + Words.duration(max)
                        + " is allowed"
                        + incomplete().map(gap -> "; " + gap.message()).orElse(""),
                    status.gaps().isEmpty()
                        ? "check that its job runs, and its log; a backup or a restore catches up"
                        : "run backup: it fills the gaps from the source first"));
  }
}
