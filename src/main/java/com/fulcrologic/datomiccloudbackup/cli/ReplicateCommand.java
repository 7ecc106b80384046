package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.jobs.BackupJob;
import com.fulcrologic.datomiccloudbackup.jobs.Heartbeat;
import com.fulcrologic.datomiccloudbackup.jobs.JobOptions;
import com.fulcrologic.datomiccloudbackup.jobs.Replication;
import com.fulcrologic.datomiccloudbackup.jobs.RestoreFollower;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Keeps a second database close behind a live one, through a store, until it is stopped. */
@picocli.CommandLine.Command(
    name = "replicate",
    description =
        "Backs up a live database, and restores it into a target, both at once, until it is"
            + " stopped (ctrl-c, SIGTERM).")
final class ReplicateCommand extends Command {
  @Mixin private BackingUpOptions options = new BackingUpOptions();
  @Mixin private FollowOptions follow = new FollowOptions();

  @Option(
      names = "--target",
      required = true,
      paramLabel = "EDN",
      description = "The target's client map, or @FILE that holds it.")
  private String target = "";

  @Option(
      names = "--target-db",
      required = true,
      paramLabel = "NAME",
      description = "The target database: empty, or begun by a restore of this backup.")
  private String targetDatabaseName = "";

  @Option(names = "--create", description = "Creates the target database when it is not there.")
  private boolean create;

  @Mixin private RestoringOptions restoring = new RestoringOptions();

  private final Following following =
      new Following(this::say, this::warn, Clock.systemUTC(), true, true);

  ReplicateCommand(Console console) {
    super(console);
  }

  @Override
  Report run() {
    List<CloningListener> listeners = new ArrayList<>();
    listeners.add(following);
    follow.heartbeat(Heartbeat::ofReplication).ifPresent(listeners::add);
    JobOptions jobOptions = follow.jobOptions();
    BackupOptions tuned = options.options(Progress.IGNORED);
    RestoreOptions restoreOptions = restoring.options();
    BackupStore backups = options.open();
    String name = options.backupName();
    Cloning cloning = Cloning.with(backups).withListener(CloningListener.of(listeners));
    DatomicConnection source = options.connect();
    DatomicClient client = options.clients().client("--target", target);
    if (create) {
      client.createDatabase(targetDatabaseName);
    }
    DatomicConnection restored = ClientOptions.connect(client, targetDatabaseName);
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("name", name);
    about.put("store", backups.location());
    return following.run(
        new Replication(
            new BackupJob(cloning, name, source, tuned.transactionCountMax(), jobOptions),
            new RestoreFollower(cloning, name, restored, restoreOptions, jobOptions).behind(source),
            jobOptions.closeWaitMax()),
        about);
  }

  @Override
  void ended() {
    following.reported();
  }
}
