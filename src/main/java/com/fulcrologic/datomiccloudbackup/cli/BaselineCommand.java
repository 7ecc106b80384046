package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.upkeep.Baseline;
import com.fulcrologic.datomiccloudbackup.upkeep.BaselineOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stores the state of the database as of one t, or lists what is stored of this kind. */
@picocli.CommandLine.Command(
    name = "baseline",
    description =
        "Computes the state of the database as of one t from the stored segments, and stores it as"
            + " a baseline, with which a restore can begin. Removes nothing.")
final class BaselineCommand extends Command {
  @Mixin private StoredBackupOptions stored = new StoredBackupOptions();

  @Option(
      names = "--t",
      paramLabel = "T",
      description = "The t of a stored transaction; the newest when it is not given.")
  private @Nullable Long t;

  @Mixin private SpillOptions spill = new SpillOptions();

  @Option(names = "--list", description = "Lists the stored baselines, and stores none.")
  private boolean list;

  BaselineCommand(Console console) {
    super(console);
  }

  @Override
  boolean isResumable() {
    return true;
  }

  @Override
  Report run() {
    if (list && t != null) {
      throw new InvalidConfigurationException(
          "--list and --t do not go together", "leave one of them out");
    }
    if (t != null && t < 0) {
      throw new InvalidConfigurationException("--t is out of range: " + t, "give 0 or more");
    }
    BackupStore backups = stored.open();
    Cloning cloning = Cloning.with(backups);
    String place = "backup " + stored.name() + " in " + backups.location();
    if (list) {
      List<Baseline> baselines = cloning.baselines(stored.name());
      return report(
          baselines,
          backups,
          baselines.isEmpty()
              ? List.of("no baseline in " + place)
              : baselines.stream().map(BaselineCommand::line).toList());
    }
    Baseline written;
    try (ProgressDisplay progress = progress("baseline")) {
      written = cloning.writeBaseline(stored.name(), options().withListener(progress));
    }
    return report(List.of(written), backups, List.of(line(written), "stored in " + place));
  }

  private BaselineOptions options() {
    BaselineOptions options = BaselineOptions.DEFAULTS.withSpillDirectory(spill.directory());
    return t == null ? options : options.at(t);
  }

  private Report report(List<Baseline> baselines, BackupStore backups, List<String> lines) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", stored.name());
    json.put("store", backups.location());
    json.put("baselines", baselines.stream().map(BaselineCommand::json).toList());
    return new Report(lines, json);
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
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("t", baseline.t());
    json.put("instant", baseline.instant());
    json.put("datoms", baseline.datomCount());
    json.put("partCount", baseline.partCount());
    return json;
  }
}
