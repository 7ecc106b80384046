package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreSummary;
import com.fulcrologic.datomiccloudbackup.RestoreSummary.LoadedBaseline;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
    name = "copy-state",
    description =
        "Copies the state of a database, without its history, into an empty one: from a live source"
            + " (--source with --db), or from a backup (--store with --name).")
final class CopyStateCommand extends Command implements Command.Resumable {
  @Mixin private KeysOption keys = new KeysOption();
  @Mixin private ClientOptions clients = new ClientOptions();

  @Option(
      names = "--source",
      paramLabel = "EDN",
      description = "The source's client map, or @FILE that holds it.")
  private @Nullable String source;

  @Option(names = "--db", paramLabel = "NAME", description = "The source database's name.")
  private @Nullable String databaseName;

  @Option(
      names = "--store",
      paramLabel = "URI",
      description = "Where the backup is: file:/abs/dir or s3://bucket/prefix.")
  private @Nullable String store;

  @Option(names = "--name", paramLabel = "BACKUP", description = "The backup's name in the store.")
  private @Nullable String name;

  @Mixin private TargetOptions target = new TargetOptions();

  @Option(
      names = "--target-db",
      required = true,
      paramLabel = "NAME",
      description = "The target database: empty, or begun by the same copy.")
  private String targetDatabaseName = "";

  @Option(
      names = "--at",
      paramLabel = "T",
      description = "The source's t whose state is copied; the newest when it is not given.")
  private @Nullable Long at;

  @Mixin private RestoringOptions restoring = new RestoringOptions();
  @Mixin private SpillOptions spill = new SpillOptions();

  @Override
  Report run() {
    RestoreOptions options = restoring.options().withSpillDirectory(spill.directory());
    Usage.refuseIf(at != null && at < 0, "--at is negative", "give a t of the source");
    options = at == null ? options : options.until(at);
    boolean isLive = name == null;
    Usage.refuseIf(
        isLive ? store != null : source != null || databaseName != null,
        "a live source and a backup are mixed",
        "give --source with --db, or --store with --name");
    return isLive ? copyLive(options) : copyStored(options);
  }

  private Report copyLive(RestoreOptions options) {
    String database = required("--db", databaseName);
    DatomicConnection live = clients.connect("--source", required("--source", source), database);
    Cloning cloning = Cloning.with(new MemoryBackupStore());
    cloning.requireCopyable(live, options); // before the target is created
    return copy("database " + database, options, (copy, to) -> cloning.copyState(live, to, copy));
  }

  private Report copyStored(RestoreOptions options) {
    BackupStore backups = keys.over(StoreUris.open(required("--store", store)));
    NamedBackup backup = new NamedBackup(backups, required("--name", name));
    Cloning cloning = backup.cloning();
    cloning.requireCopyable(backup.name(), options); // before the target is created
    return copy(backup.place(), options, (copy, to) -> cloning.copyState(backup.name(), to, copy));
  }

  private Report copy(
      String from,
      RestoreOptions options,
      BiFunction<RestoreOptions, DatomicConnection, RestoreSummary> copying) {
    DatomicConnection to = target.connect(clients, targetDatabaseName);
    RestoreSummary summary =
        watch("copy", progress -> copying.apply(options.withListener(progress), to));
    long datomCount = summary.baseline().map(LoadedBaseline::datomCount).orElse(0L);
    Map<String, Object> json =
        Json.object(
            "source", from,
            "targetDb", targetDatabaseName,
            "sourceT", summary.lastSourceT(),
            "targetT", to.basisT(),
            "datoms", datomCount,
            "seconds", Words.seconds(summary.duration()),
            "unequalTs", summary.unequalTs(),
            "leftOut", RestoreReport.json(summary.leftOut()));
    return new Report(
        lines(from, summary, datomCount), json, RestoreReport.problem(summary.unequalTs()));
  }

  private List<String> lines(String from, RestoreSummary summary, long datomCount) {
    String state =
        "the state of %s as of t %s is in database %s"
            .formatted(from, summary.lastSourceT().orElse(0), targetDatabaseName);
    if (summary.baseline().isEmpty()) {
      return List.of("nothing new: " + state);
    }
    List<String> lines = new ArrayList<>(List.of(state));
    lines.add(
        "  copied from %s, in %s"
            .formatted(Words.counted(datomCount, "datom"), Words.duration(summary.duration())));
    lines.addAll(RestoreReport.lines(summary.leftOut()));
    return lines;
  }

  private String required(String option, @Nullable String given) {
    return required(
        option, given, "give --source with --db, or --store with --name; see copy-state --help");
  }
}
