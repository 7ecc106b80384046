package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.jobs.BackupJob;
import com.fulcrologic.datomiccloudbackup.jobs.Heartbeat;
import com.fulcrologic.datomiccloudbackup.jobs.JobOptions;
import com.fulcrologic.datomiccloudbackup.jobs.Replication;
import com.fulcrologic.datomiccloudbackup.jobs.RestoreFollower;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
    name = "replicate",
    description =
        "Backs up a live database, and restores it into a target, both at once, until it is"
            + " stopped (ctrl-c, SIGTERM).")
final class ReplicateCommand extends FollowingCommand {
  @Mixin private SourceOptions.OfDatabase source = new SourceOptions.OfDatabase();
  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private BackupTuning tuning = new BackupTuning();
  @Mixin private TargetOptions target = new TargetOptions();

  @Option(
      names = "--target-db",
      required = true,
      paramLabel = "NAME",
      description = "The target database: empty, or begun by a restore of this backup.")
  private String targetDatabaseName = "";

  @Mixin private RestoringOptions restoring = new RestoringOptions();

  ReplicateCommand() {
    super(true, true);
  }

  @Override
  Report run() {
    List<CloningListener> listeners = listeners(Heartbeat::ofReplication);
    JobOptions jobOptions = jobOptions();
    int countMax = tuning.options(Progress.IGNORED).transactionCountMax();
    RestoreOptions options = restoring.options();
    NamedBackup backup = store.open(source.backupName());
    DatomicConnection live = source.connect();
    DatomicConnection restored = target.connect(source.clients(), targetDatabaseName);
    return follow(
        backup,
        listeners,
        cloning ->
            new Replication(
                new BackupJob(cloning, backup.name(), live, countMax, jobOptions),
                new RestoreFollower(cloning, backup.name(), restored, options, jobOptions)
                    .behind(live),
                jobOptions.closeWaitMax()));
  }
}
