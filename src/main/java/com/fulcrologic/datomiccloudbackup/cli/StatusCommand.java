package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupStatus;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.Lag;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.TxRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
    name = "status",
    description =
        "Reports the lag of a backup, and of a target if one is given, behind the source."
            + " Ends with 27 when a lag exceeds --max-lag, with 3 when transactions are missing.")
final class StatusCommand extends Command {
  private static final String CATCHING_UP =
      "check that its job runs, and its log; a backup or a restore catches up";

  @Mixin private SourceOptions.OfDatabase source = new SourceOptions.OfDatabase();
  @Mixin private StoreOptions store = new StoreOptions();

  @Option(
      names = "--target",
      paramLabel = "EDN",
      description = "The client map of a target of this backup, or @FILE that holds it.")
  private @Nullable String target;

  @Option(names = "--target-db", paramLabel = "NAME", description = "The target database's name.")
  private @Nullable String targetDatabaseName;

  @Option(
      names = "--max-lag",
      paramLabel = "DURATION",
      description = "The largest accepted lag, as in 15m, 2h or PT15M.")
  private @Nullable String maxLag;

  @Override
  Report run() {
    Optional<Duration> max =
        Optional.ofNullable(maxLag).map(text -> Usage.duration("--max-lag", text));
    Usage.refuseIf(
        (target == null) != (targetDatabaseName == null),
        "--target and --target-db go together",
        "give both of them, or neither");
    NamedBackup backup = store.open(source.backupName());
    Cloning cloning = backup.cloning();
    BackupStatus status =
        target == null || targetDatabaseName == null
            ? cloning.status(backup.name(), source.connect())
            : cloning.status(
                backup.name(),
                source.connect(),
                source.clients().connect("--target", target, targetDatabaseName));
    return new Report(
        lines(backup, status), json(backup, status, max), problem(backup.name(), status, max));
  }

  private static List<String> lines(NamedBackup backup, BackupStatus status) {
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
    String behind = lag.t() == 0 ? "nothing is missing" : Words.behind(lag);
    return reached.map(Words::point).orElse("nothing") + " (" + behind + ")";
  }

  private static Map<String, Object> json(
      NamedBackup backup, BackupStatus status, Optional<Duration> maxLag) {
    Map<String, Object> json =
        backup.json(
            "source", point(status.source()), "stored", status.stored().map(StatusCommand::point));
    json.putAll(json(status.lag()));
    json.put("gaps", Json.ranges(status.gaps()));
    status
        .target()
        .ifPresent(
            target -> {
              Map<String, Object> restored =
                  Json.object("restored", target.restored().map(StatusCommand::point));
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

  private static Optional<Problem> problem(
      String name, BackupStatus status, Optional<Duration> maxLag) {
    Optional<Problem> incomplete = incomplete(name, status.gaps());
    Lag worst = status.worstLag();
    return maxLag
        .filter(max -> !worst.isWithin(max))
        .map(
            max ->
                new Problem(
                    ExitCode.STALE,
                    "%s is %s behind the source, and at most %s is allowed%s"
                        .formatted(
                            worst.equals(status.lag()) ? "backup " + name : "the target",
                            Words.duration(worst.time()),
                            Words.duration(max),
                            incomplete.map(gap -> "; " + gap.message()).orElse("")),
                    incomplete.map(Problem::hint).orElse(CATCHING_UP)))
        .or(() -> incomplete);
  }

  private static Optional<Problem> incomplete(String name, List<TxRange> gaps) {
    if (gaps.isEmpty()) {
      return Optional.empty();
    }
    int more = gaps.size() - 1;
    return Optional.of(
        new Problem(
            ExitCode.INCOMPLETE,
            "backup %s is incomplete: it lacks %s%s"
                .formatted(
                    name,
                    gaps.get(0),
                    more == 0 ? "" : " and " + Words.counted(more, "more range")),
            "run backup: it fills the gaps from the source first"));
  }
}
