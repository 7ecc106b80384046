package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupSummary;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.TxRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;

@picocli.CommandLine.Command(
    name = "repair",
    description = "Stores the missing ranges of a backup, read from its source.")
final class RepairCommand extends Command implements Command.Resumable {
  @Mixin private SourceOptions.OfDatabase source = new SourceOptions.OfDatabase();
  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private BackupTuning tuning = new BackupTuning();

  @Override
  Report run() {
    NamedBackup backup = store.open(source.backupName());
    Cloning cloning = backup.cloning();
    List<TxRange> before = cloning.backupGaps(backup.name()); // fails if nothing is stored
    BackupSummary summary =
        watch(
            "repair",
            progress ->
                cloning.repairBackup(backup.name(), source.connect(), tuning.options(progress)));
    Map<String, Object> json = BackupReport.json(backup, summary);
    json.put("gaps", Json.ranges(before));
    return new Report(lines(backup, summary), json);
  }

  private static List<String> lines(NamedBackup backup, BackupSummary summary) {
    if (summary.segments().isEmpty()) {
      return List.of("nothing to repair: " + backup.place() + " has no gap");
    }
    List<String> lines = new ArrayList<>();
    lines.add(backup.place() + " has no gap any more");
    summary.segments().forEach(segment -> lines.add("  filled " + segment.range()));
    lines.add("  " + BackupReport.line(summary));
    return lines;
  }
}
