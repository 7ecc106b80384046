package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.BackupSummary;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;

/** Fills the gaps of a backup from its source. */
@picocli.CommandLine.Command(
    name = "repair",
    description = "Stores the missing ranges of a backup, read from its source.")
final class RepairCommand extends Command {
  @Mixin private BackingUpOptions options = new BackingUpOptions();

  RepairCommand(Console console) {
    super(console);
  }

  @Override
  boolean isResumable() {
    return true;
  }

  @Override
  Report run() {
    BackupStore backups = options.open();
    Cloning cloning = Cloning.with(backups);
    String name = options.backupName();
    List<TxRange> before = cloning.backupGaps(name); // fails if nothing is stored
    BackupSummary summary;
    try (ProgressDisplay progress = progress("repair")) {
      summary = cloning.repairBackup(name, options.connect(), options.options(progress));
    }
    Map<String, Object> json = BackupReport.json(name, backups.location(), summary);
    json.put("gaps", before.stream().map(Json::range).toList());
    return new Report(lines(name, backups, summary), json);
  }

  private static List<String> lines(String name, BackupStore backups, BackupSummary summary) {
    String place = "backup " + name + " in " + backups.location();
    if (summary.segments().isEmpty()) {
      return List.of("nothing to repair: " + place + " has no gap");
    }
    List<String> lines = new ArrayList<>();
    lines.add(place + " has no gap any more");
    for (BackedUpSegment segment : summary.segments()) {
      lines.add("  filled " + segment.range());
    }
    lines.add("  " + BackupReport.line(summary));
    return lines;
  }
}
