package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The database to back up, and its backup's name; or all databases of a system. */
final class BackupSourceOptions {
  @Mixin private ClientOptions clients = new ClientOptions();

  @Option(
      names = "--source",
      required = true,
      paramLabel = "EDN",
      description = "The source's client map, or @FILE that holds it.")
  private String clientMap = "";

  @Option(names = "--db", paramLabel = "NAME", description = "The source database's name.")
  private @Nullable String databaseName;

  @Option(
      names = "--name",
      paramLabel = "BACKUP",
      description = "The backup's name in the store; the database's name when it is not given.")
  private @Nullable String backupName;

  @Option(
      names = "--all-databases",
      description =
          "Instead of --db: every database of the system, one by one, each under its own name."
              + " A database that fails does not stop the others. The exit code is the highest of theirs,"
              + " where 3 (run it again) counts least.")
  private boolean isAll;

  /** Whether all databases are requested; refuses both or neither of --db and --all-databases. */
  boolean isAll() {
    if (isAll && (databaseName != null || backupName != null)) {
      throw new InvalidConfigurationException(
          "--all-databases does not go with --db or --name",
          "each database is backed up under its own name; leave them out");
    }
    if (!isAll && databaseName == null) {
      throw new InvalidConfigurationException(
          "missing: --db", "name a database, or say --all-databases");
    }
    return isAll;
  }

  String backupName() {
    return backupName == null ? databaseName() : backupName;
  }

  DatomicConnection connect() {
    return ClientOptions.connect(client(), databaseName());
  }

  DatomicClient client() {
    return clients.client("--source", clientMap);
  }

  private String databaseName() {
    return isAll() || databaseName == null ? "" : databaseName;
  }
}
