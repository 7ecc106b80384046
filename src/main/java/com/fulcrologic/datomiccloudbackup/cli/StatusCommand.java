package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupStatus;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tells how far a backup, and a target, is behind; too far is a failure. */
@picocli.CommandLine.Command(
    name = "status",
    description = {
      "Tells how far a backup, and a target if one is given, is behind its source;",
      "ends with 27 when that is more than --max-lag, with 3 when transactions are missing."
    })
final class StatusCommand extends Command {
  @Mixin private SourceOptions source = new SourceOptions();
  @Mixin private StoreOptions store = new StoreOptions();

  @Option(
      names = "--target",
      paramLabel = "EDN",
      description = "The client map of a target restored from it, or @FILE that holds it.")
  private @Nullable String target;

  @Option(names = "--target-db", paramLabel = "NAME", description = "The target database's name.")
  private @Nullable String targetDatabaseName;

  @Option(
      names = "--max-lag",
      paramLabel = "DURATION",
      description = "How far behind is too far, as in 15m, 2h or PT15M.")
  private @Nullable String maxLag;

  StatusCommand(Console console) {
    super(console);
  }

  @Override
  Report run() {
    Optional<Duration> max =
        Optional.ofNullable(maxLag).map(text -> Durations.parse("--max-lag", text));
    if ((target == null) != (targetDatabaseName == null)) {
      throw new InvalidConfigurationException(
          "--target and --target-db go together", "give both of them, or neither");
    }
    BackupStore backups = store.open();
    String name = source.backupName();
    Cloning cloning = Cloning.with(backups);
    BackupStatus status =
        target == null || targetDatabaseName == null
            ? cloning.status(name, source.connect())
            : cloning.status(
                name,
                source.connect(),
                source.clients().client("--target", target).connect(targetDatabaseName));
    return new StatusReport(name, backups.location(), status, max).report();
  }
}
