package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.BackupSummary;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.DatabaseBackup;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.Shard;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.jobs.BackupJob;
import com.fulcrologic.datomiccloudbackup.jobs.Heartbeat;
import com.fulcrologic.datomiccloudbackup.jobs.JobOptions;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
    name = "backup",
    description =
        "Backs up everything that is not yet in the store, and ends; continues with --follow.")
final class BackupCommand extends FollowingCommand {
  private static final Shard WHOLE = new Shard(0, 1);

  private static final Pattern RANGE =
      Pattern.compile("\\s*\\[\\s*(\\d{1,18})\\s*,\\s*(\\d{1,18})\\s*\\)\\s*");

  @Mixin private SourceOptions.OfDatabases source = new SourceOptions.OfDatabases();
  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private ReceiptsOption receipts = new ReceiptsOption();
  @Mixin private BackupTuning tuning = new BackupTuning();

  @Option(
      names = "--range",
      paramLabel = "RANGE",
      description =
          "Only the missing t of this range: '[A, B)' holds A, and not B."
              + " Any number of processes may do so at once.")
  private @Nullable String range;

  @Option(
      names = "--shard",
      paramLabel = "I",
      description = "Only this share of --range, from 0; with --of.")
  private @Nullable Integer shardIndex;

  @Option(names = "--of", paramLabel = "N", description = "The number of shares of --range.")
  private @Nullable Integer shardCount;

  @Option(
      names = "--adopt",
      description =
          "For a database that has another id now, as after its system was renamed or restored:"
              + " accepts this source for the backup, if the source's log equals the stored log."
              + " From then on, the backup refuses a source with the previous id.")
  private boolean adopt;

  @Option(
      names = "--adopt-excision",
      description =
          "For a source from which datoms were excised since they were stored: continues, if the"
              + " source's transaction is a part of the stored one and an excision request explains"
              + " it. What was excised stays in the store.")
  private boolean adoptExcision;

  @Option(
      names = "--exclude",
      paramLabel = ":ATTR",
      description =
          "Leaves out the datoms of this attribute: no value of it enters the store. The first"
              + " backup under a name records it, and each later one does the same. May be"
              + " repeated.")
  private List<String> excluded = new ArrayList<>();

  @Option(
      names = "--follow",
      description = "Continues, segment after segment, until it is stopped (ctrl-c, SIGTERM).")
  private boolean isFollowing;

  BackupCommand() {
    super(true, false);
  }

  @Override
  boolean isResumable() {
    return !isFollowing;
  }

  @Override
  Report run() {
    boolean isAll = source.isAll();
    Usage.refuseIf(
        (isAll || isFollowing) && isPart(),
        "--range, --shard and --of go neither with --follow nor with --all-databases",
        "leave them out, or back up one range of one database");
    Usage.refuseIf(
        isAll && isFollowing,
        "--follow does not go with --all-databases",
        "follow one database in each process, or run backup --all-databases again and again");
    if (isFollowing) {
      return follow();
    }
    refuseFollowing();
    return isAll ? backupAll() : backupOne();
  }

  private boolean isPart() {
    return range != null || shardIndex != null || shardCount != null;
  }

  private Optional<TxRange> range() {
    if (range == null) {
      Usage.refuseIf(
          isPart(),
          "--shard and --of go with --range",
          "give all workers the same --range, such as '[0, 80000000)': with a log that grows, they"
              + " would not agree on the shares");
      return Optional.empty();
    }
    Matcher matcher = RANGE.matcher(range);
    if (matcher.matches()) {
      long startT = Long.parseLong(matcher.group(1));
      long endT = Long.parseLong(matcher.group(2));
      if (startT < endT) {
        return Optional.of(new TxRange(startT, endT));
      }
    }
    throw Usage.refusal(
        "--range is not a range", "write it like '[0, 10000)', which is t 0 to 9999");
  }

  /** The share; empty for all of the range. */
  private Optional<Shard> shard() {
    Integer index = shardIndex;
    Integer count = shardCount;
    Usage.refuseIf(
        (index == null) != (count == null),
        "--shard and --of go together",
        "give both of them, or neither");
    if (index == null || count == null) {
      return Optional.empty();
    }
    Usage.requireBetween("--of", count, 1, Shard.COUNT_MAX);
    return Optional.of(new Shard(Usage.requireBetween("--shard", index, 0, count - 1), count));
  }

  private Report backupAll() {
    BackupStore backups = store.open();
    Optional<BackupStore> kept = receipts.open(store.keys(), backups);
    Cloning cloning = Cloning.with(backups);
    List<DatabaseBackup> all =
        watch("backup", progress -> cloning.backupAllDatabases(source.client(), tuned(progress)));
    return BackupReport.ofAll(
        backups.location(), all.stream().map(each -> receipted(each, cloning, kept)).toList());
  }

  /** A backup without its receipt has failed. */
  private static DatabaseBackup receipted(
      DatabaseBackup backup, Cloning cloning, Optional<BackupStore> receipts) {
    if (backup.failure().isPresent() || receipts.isEmpty()) {
      return backup;
    }
    try {
      cloning.appendReceipt(backup.name(), receipts.get());
      return backup;
    } catch (RuntimeException failure) {
      return new DatabaseBackup(backup.name(), Optional.empty(), Optional.of(failure));
    }
  }

  private Report backupOne() {
    Optional<TxRange> part = range();
    Optional<Shard> share = shard();
    NamedBackup backup = store.open(source.backupName());
    Optional<BackupStore> kept = openReceipts(backup);
    BackupSummary summary =
        watch("backup", progress -> backUp(backup, part, share.orElse(WHOLE), tuned(progress)));
    Map<String, Object> json = BackupReport.json(backup, summary);
    part.ifPresent(asked -> json.put("range", Json.range(asked)));
    share.ifPresent(asked -> json.put("shard", asked.index()));
    share.ifPresent(asked -> json.put("of", asked.count()));
    String stored =
        part.map(asked -> "all of " + words(asked, share))
            .orElseGet(() -> "everything up to t " + summary.basisT());
    Report report = new Report(lines(backup.place(), stored, summary), json);
    return ReceiptsOption.receipted(report, backup, kept);
  }

  /** Reads the last receipt, so that a store that cannot be used is noticed before the work. */
  private Optional<BackupStore> openReceipts(NamedBackup backup) {
    Optional<BackupStore> kept = receipts.open(store.keys(), backup.store());
    kept.ifPresent(each -> backup.cloning().lastReceipt(backup.name(), each));
    return kept;
  }

  private BackupSummary backUp(
      NamedBackup backup, Optional<TxRange> range, Shard shard, BackupOptions tuned) {
    Cloning cloning = backup.cloning();
    return range.isPresent()
        ? cloning.backupShard(backup.name(), source.connect(), range.get(), shard, tuned)
        : cloning.backup(backup.name(), source.connect(), tuned);
  }

  private BackupOptions tuned(Progress.Listener progress) {
    BackupOptions tuned = tuning.options(progress);
    tuned = adopt ? tuned.adoptingSource() : tuned;
    for (String ident : excluded) {
      tuned = tuned.excluding(ident);
    }
    return adoptExcision ? tuned.adoptingExcisions() : tuned;
  }

  private Report follow() {
    Usage.refuseIf(
        adopt || adoptExcision || !excluded.isEmpty(),
        "--adopt, --adopt-excision and --exclude do not go with --follow",
        "run a backup that ends with them first; each backup after it does the same");
    List<CloningListener> listeners = listeners(Heartbeat::ofBackup);
    JobOptions jobOptions = jobOptions();
    int countMax = tuning.options(Progress.IGNORED).transactionCountMax();
    NamedBackup backup = store.open(source.backupName());
    Optional<BackupStore> kept = openReceipts(backup);
    kept.map(
            each ->
                new ReceiptsOption.Following(backup.cloning(), each, this::warn, Clock.systemUTC()))
        .ifPresent(listeners::add);
    Report report =
        follow(
            backup,
            listeners,
            cloning ->
                new BackupJob(cloning, backup.name(), source.connect(), countMax, jobOptions));
    return ReceiptsOption.receipted(report, backup, kept);
  }

  private static String words(TxRange range, Optional<Shard> shard) {
    return shard
        .map(asked -> "shard " + asked.index() + " of " + asked.count() + " of " + range)
        .orElseGet(range::toString);
  }

  private static List<String> lines(String place, String part, BackupSummary summary) {
    return summary.segments().isEmpty()
        ? List.of("nothing new: " + place + " holds " + part)
        : List.of(place + " now holds " + part, "  " + BackupReport.line(summary));
  }
}
