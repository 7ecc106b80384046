package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupStatus;
import com.fulcrologic.datomiccloudbackup.Cloning;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reports the lag of a backup, and of a target; too large a lag is a failure. */
@picocli.CommandLine.Command(
    name = "status",
    description =
        "Reports the lag of a backup, and of a target if one is given, behind the source."
            + " Ends with 27 when a lag exceeds --max-lag, with 3 when transactions are missing.")
final class StatusCommand extends Command {
  @Mixin private SourceOptions.OfDatabase source = new SourceOptions.OfDatabase();
  @Mixin private StoreOptions store = new StoreOptions();

  @Option(
      names = "--target",
      paramLabel = "EDN",
      description = "The client map of a target of this backup, or @FILE that holds it.")
  private @Nullable String target;

  @Option(names = "--target-db", paramLabel = "NAME", description = "The target database's name.")
  private @Nullable String targetDatabaseName;

  @Option(
      names = "--max-lag",
      paramLabel = "DURATION",
      description = "The largest accepted lag, as in 15m, 2h or PT15M.")
  private @Nullable String maxLag;

  @Override
  Report run() {
    Optional<Duration> max =
        Optional.ofNullable(maxLag).map(text -> Durations.parse("--max-lag", text));
    Usage.refuseIf(
        (target == null) != (targetDatabaseName == null),
        "--target and --target-db go together",
        "give both of them, or neither");
    NamedBackup backup = store.open(source.backupName());
    Cloning cloning = backup.cloning();
    BackupStatus status =
        target == null || targetDatabaseName == null
            ? cloning.status(backup.name(), source.connect())
            : cloning.status(
                backup.name(),
                source.connect(),
                source.clients().connect("--target", target, targetDatabaseName));
    return new StatusReport(backup, status, max).report();
  }
}
