package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupSummary;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.util.List;
import picocli.CommandLine.Mixin;

/** Backs up everything that is not yet in the store, and ends. */
@picocli.CommandLine.Command(
    name = "backup",
    description = "Backs up everything that is not yet in the store, and ends.")
final class BackupCommand extends Command {
  @Mixin private BackingUpOptions options = new BackingUpOptions();

  BackupCommand(Console console) {
    super(console);
  }

  @Override
  Report run() {
    BackupStore backups = options.open();
    String name = options.backupName();
    BackupSummary summary;
    try (ProgressDisplay progress = progress("backup")) {
      summary = Cloning.with(backups).backup(name, options.connect(), options.options(progress));
    }
    return new Report(
        lines(name, backups, summary), BackupReport.json(name, backups.location(), summary));
  }

  private static List<String> lines(String name, BackupStore backups, BackupSummary summary) {
    String place = "backup " + name + " in " + backups.location();
    if (summary.segments().isEmpty()) {
      return List.of("nothing new: " + place + " holds everything up to t " + summary.basisT());
    }
    return List.of(place + " now reaches t " + summary.basisT(), "  " + BackupReport.line(summary));
  }
}
