package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupStatus;
import com.fulcrologic.datomiccloudbackup.Lag;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reports the lag of a backup and of a target, for people and for programs. */
record StatusReport(NamedBackup backup, BackupStatus status, Optional<Duration> maxLag) {

  Report report() {
    return new Report(lines(), json(), problem());
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("source: " + Words.point(status.source()));
    lines.add("stored: " + place(status.stored(), status.lag()) + ", as " + backup.place());
    status.gaps().forEach(gap -> lines.add("missing: " + gap));
    status
        .target()
        .map(target -> place(target.restored(), status.targetLag().orElseThrow()))
        .ifPresent(place -> lines.add("restored: " + place));
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
    Map<String, Object> json =
        backup.json(
            "source", point(status.source()), "stored", status.stored().map(StatusReport::point));
    json.putAll(json(status.lag()));
    json.put("gaps", Json.ranges(status.gaps()));
    status
        .target()
        .ifPresent(
            target -> {
              Map<String, Object> restored =
                  Json.object("restored", target.restored().map(StatusReport::point));
              restored.putAll(json(status.targetLag().orElseThrow()));
              json.put("target", restored);
            });
    json.put("maxLagSeconds", maxLag.map(Words::seconds));
    return json;
  }

  static Map<String, Object> json(Lag lag) {
    return Json.object("lagT", lag.t(), "lagSeconds", Words.seconds(lag.time()));
  }

  private static Map<String, Object> point(SourcePoint point) {
    return Json.object("t", point.t(), "instant", point.instant());
  }

  private Optional<Problem> problem() {
    return stale().or(this::incomplete);
  }

  private Optional<Problem> incomplete() {
    int more = status.gaps().size() - 1;
    return status.gaps().stream()
        .findFirst()
        .map(
            gap ->
                new Problem(
                    ExitCode.INCOMPLETE,
                    "backup %s is incomplete: it lacks %s%s"
                        .formatted(
                            backup.name(),
                            gap,
                            more == 0 ? "" : " and " + Words.counted(more, "more range")),
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
                    "%s is %s behind the source, and at most %s is allowed%s"
                        .formatted(
                            worst.equals(status.lag()) ? "backup " + backup.name() : "the target",
                            Words.duration(worst.time()),
                            Words.duration(max),
                            incomplete().map(gap -> "; " + gap.message()).orElse("")),
                    incomplete()
                        .map(Problem::hint)
                        .orElse(
                            "check that its job runs, and its log; a backup or a restore catches"
                                + " up")));
  }
}
