package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.BackupSummary;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.jobs.BackupJob;
import com.fulcrologic.datomiccloudbackup.jobs.Heartbeat;
import com.fulcrologic.datomiccloudbackup.jobs.JobOptions;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Backs up everything that is not yet in the store, and ends. */
@picocli.CommandLine.Command(
    name = "backup",
    description = "Backs up everything that is not yet in the store, and ends; or goes on.")
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

  @Option(
      names = "--follow",
      description = {"Goes on, one segment after another, until it is stopped (ctrl-c, SIGTERM)."})
  private boolean isFollowing;

  @Mixin private FollowOptions follow = new FollowOptions();

  private final Following following = new Following(this::say, this::warn);

  BackupCommand(Console console) {
    super(console);
  }

  @Override
  Report run() {
    if (isFollowing) {
      return follow();
    }
    follow.refuse();
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

  private Report follow() {
    if (adopt) {
      throw new InvalidConfigurationException(
          "--adopt does not go with --follow", "adopt it first, with a backup that ends");
    }
    List<CloningListener> listeners = new ArrayList<>(List.of(following));
    follow.heartbeat(Heartbeat::ofBackup).ifPresent(listeners::add);
    JobOptions jobOptions = follow.jobOptions();
    int countMax = options.options(Progress.IGNORED).transactionCountMax();
    BackupStore backups = options.open();
    String name = options.backupName();
    Cloning cloning = Cloning.with(backups).withListener(CloningListener.of(listeners));
    return following.run(
        new BackupJob(cloning, name, options.connect(), countMax, jobOptions),
        Map.of("name", name, "store", backups.location()));
  }

  @Override
  void ended() {
    following.reported();
  }

  private static List<String> lines(String name, BackupStore backups, BackupSummary summary) {
    String place = "backup " + name + " in " + backups.location();
    if (summary.segments().isEmpty()) {
      return List.of("nothing new: " + place + " holds everything up to t " + summary.basisT());
    }
    return List.of(place + " now reaches t " + summary.basisT(), "  " + BackupReport.line(summary));
  }
}
