package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreSummary;
import com.fulcrologic.datomiccloudbackup.RestoreSummary.LoadedBaseline;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Copies the state of a database, without its history, into an empty one. */
@picocli.CommandLine.Command(
    name = "copy-state",
    description =
        "Copies the state of a database, without its history, into an empty one: from a live source"
            + " (--source with --db), or from a backup (--store with --name).")
final class CopyStateCommand extends Command {
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
      description = "The target database: empty, or begun by the same copy.")
  private String targetDatabaseName = "";

  @Option(names = "--create", description = "Creates the target database when it is not there.")
  private boolean create;

  @Option(
      names = "--at",
      paramLabel = "T",
      description = "The source's t whose state is copied; the newest when it is not given.")
  private @Nullable Long at;

  @Mixin private RestoringOptions restoring = new RestoringOptions();
  @Mixin private SpillOptions spill = new SpillOptions();

  CopyStateCommand(Console console) {
    super(console);
  }

  @Override
  boolean isResumable() {
    return true;
  }

  @Override
  Report run() {
    RestoreOptions options = restoring.options().withSpillDirectory(spill.directory());
    if (at != null && at < 0) {
      throw new InvalidConfigurationException("--at is negative", "give a t of the source");
    }
    options = at == null ? options : options.until(at);
    boolean isLive = name == null;
    if (isLive ? store != null : source != null || databaseName != null) {
      throw new InvalidConfigurationException(
          "a live source and a backup are mixed",
          "give --source with --db, or --store with --name");
    }
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
    String backup = required("--name", name);
    Cloning cloning = Cloning.with(backups);
    cloning.requireCopyable(backup, options); // before the target is created
    return copy(
        "backup " + backup + " in " + backups.location(),
        options,
        (copy, to) -> cloning.copyState(backup, to, copy));
  }

  private Report copy(
      String from,
      RestoreOptions options,
      BiFunction<RestoreOptions, DatomicConnection, RestoreSummary> copying) {
    DatomicClient client = clients.client("--target", target);
    if (create) {
      client.createDatabase(targetDatabaseName);
    }
    DatomicConnection to = ClientOptions.connect(client, targetDatabaseName);
    RestoreSummary summary;
    try (ProgressDisplay progress = progress("copy")) {
      summary = copying.apply(options.withListener(progress), to);
    }
    return report(from, summary, to.basisT());
  }

  private Report report(String from, RestoreSummary summary, long targetT) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("source", from);
    json.put("targetDb", targetDatabaseName);
    json.put("sourceT", summary.lastSourceT());
    json.put("targetT", targetT);
    long datomCount = summary.baseline().map(LoadedBaseline::datomCount).orElse(0L);
    json.put("datoms", datomCount);
    json.put("seconds", Words.seconds(summary.duration()));
    json.put("unequalTs", summary.unequalTs());
    json.put("leftOut", RestoreReport.json(summary.leftOut()));
    String state =
        "the state of %s as of t %s is in database %s"
            .formatted(from, summary.lastSourceT().orElse(0), targetDatabaseName);
    List<String> lines = new ArrayList<>();
    if (summary.baseline().isEmpty()) {
      lines.add("nothing new: " + state);
    } else {
      lines.add(state);
      lines.add(
          "  copied from %s, in %s"
              .formatted(Words.counted(datomCount, "datom"), Words.duration(summary.duration())));
      lines.addAll(RestoreReport.lines(summary.leftOut()));
    }
    return new Report(lines, json, RestoreReport.problem(summary.unequalTs()));
  }

  private String required(String option, @Nullable String given) {
    String value = given == null ? setting(option) : given;
    if (value == null) {
      throw new InvalidConfigurationException(
          "copy-state needs " + option + " here",
          "give --source with --db, or --store with --name; see copy-state --help");
    }
    return value;
  }
}
