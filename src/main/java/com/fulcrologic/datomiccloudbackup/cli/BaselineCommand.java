package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.upkeep.Baseline;
import com.fulcrologic.datomiccloudbackup.upkeep.BaselineOptions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
    name = "baseline",
    description =
        "Computes the state of the database as of one t from the stored segments, and stores it as"
            + " a baseline, with which a restore can begin. Removes nothing.")
final class BaselineCommand extends Command implements Command.Resumable {
  @Mixin private StoreOptions.OfBackup stored = new StoreOptions.OfBackup();

  @Option(
      names = "--t",
      paramLabel = "T",
      description = "The t of a stored transaction; the newest when it is not given.")
  private @Nullable Long t;

  @Mixin private SpillOptions spill = new SpillOptions();

  @Option(names = "--list", description = "Lists the stored baselines, and stores none.")
  private boolean list;

  @Override
  Report run() {
    Usage.refuseIf(list && t != null, "--list and --t do not go together", "leave one of them out");
    Usage.refuseIf(t != null && t < 0, "--t is out of range: " + t, "give 0 or more");
    NamedBackup backup = stored.openBackup();
    return list ? listed(backup) : written(backup);
  }

  private Report listed(NamedBackup backup) {
    List<Baseline> baselines = backup.cloning().baselines(backup.name());
    return report(
        backup,
        baselines,
        baselines.isEmpty()
            ? List.of("no baseline in " + backup.place())
            : baselines.stream().map(BaselineCommand::line).toList());
  }

  private Report written(NamedBackup backup) {
    Baseline written =
        watch(
            "baseline",
            progress ->
                backup.cloning().writeBaseline(backup.name(), options().withListener(progress)));
    return report(backup, List.of(written), List.of(line(written), "stored in " + backup.place()));
  }

  private BaselineOptions options() {
    BaselineOptions options = BaselineOptions.DEFAULTS.withSpillDirectory(spill.directory());
    return t == null ? options : options.at(t);
  }

  private static Report report(NamedBackup backup, List<Baseline> baselines, List<String> lines) {
    return new Report(
        lines, backup.json("baselines", baselines.stream().map(BaselineCommand::json).toList()));
  }

  private static String line(Baseline baseline) {
    return "baseline of t %s (%s): %s in %s"
        .formatted(
            baseline.t(),
            baseline.instant(),
            Words.counted(baseline.datomCount(), "datom"),
            Words.counted(baseline.partCount(), "part"));
  }

  private static Map<String, Object> json(Baseline baseline) {
    return Json.object(
        "t", baseline.t(),
        "instant", baseline.instant(),
        "datoms", baseline.datomCount(),
        "partCount", baseline.partCount());
  }
}
