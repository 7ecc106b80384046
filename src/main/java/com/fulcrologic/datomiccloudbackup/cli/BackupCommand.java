package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.BackupSummary;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Backs up everything that is not yet in the store, and ends. */
@picocli.CommandLine.Command(
    name = "backup",
    description = "Backs up everything that is not yet in the store, and ends.")
final class BackupCommand extends Command {
  @Mixin private BackingUpOptions options = new BackingUpOptions();

  @Option(
      names = "--adopt",
      description = {
        "For a database that goes on under another id, as after its system was renamed or restored:",
        "takes this source for the one whose backup this is, if its log is the one that is stored,",
        "and from then on refuses the one of the id before."
      })
  private boolean adopt;

  BackupCommand(Console console) {
    super(console);
  }

  @Override
  Report run() {
    BackupStore backups = options.open();
    String name = options.backupName();
    BackupSummary summary;
    try (ProgressDisplay progress = progress("backup")) {
      BackupOptions tuned = options.options(progress);
      summary =
          Cloning.with(backups)
              .backup(name, options.connect(), adopt ? tuned.adoptingSource() : tuned);
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
