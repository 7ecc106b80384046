package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The system to back up, and the backup's name; subclasses name the database. */
abstract class SourceOptions {
  @Mixin private ClientOptions clients = new ClientOptions();

  @Option(
      names = "--source",
      required = true,
      paramLabel = "EDN",
      description = "The source's client map, or @FILE that holds it.")
  private String clientMap = "";

  @Option(
      names = "--name",
      paramLabel = "BACKUP",
      description = "The backup's name in the store; the database's name when it is not given.")
  private @Nullable String backupName;

  static final class OfDatabase extends SourceOptions {
    @Option(
        names = "--db",
        required = true,
        paramLabel = "NAME",
        description = "The source database's name.")
    private String databaseName = "";

    @Override
    String databaseName() {
      return databaseName;
    }
  }

  /** One database, or all databases of the system. */
  static final class OfDatabases extends SourceOptions {
    @Option(names = "--db", paramLabel = "NAME", description = "The source database's name.")
    private @Nullable String databaseName;

    @Option(
        names = "--all-databases",
        description =
            "Instead of --db: every database of the system, one by one, each under its own name."
                + " A database that fails does not stop the others. The exit code is the highest"
                + " of theirs, where 3 (run it again) counts least.")
    private boolean isAll;

    /** Whether all databases are requested; refuses both or neither of --db and --all-databases. */
    boolean isAll() {
      Usage.refuseIf(
          isAll && (databaseName != null || super.backupName != null),
          "--all-databases does not go with --db or --name",
          "each database is backed up under its own name; leave them out");
      Usage.refuseIf(
          !isAll && databaseName == null,
          "missing: --db",
          "name a database, or say --all-databases");
      return isAll;
    }

    @Override
    String databaseName() {
      return isAll() || databaseName == null ? "" : databaseName;
    }
  }

  abstract String databaseName();

  final String backupName() {
    return backupName == null ? databaseName() : backupName;
  }

  final ClientOptions clients() {
    return clients;
  }

  final DatomicClient client() {
    return clients.client("--source", clientMap);
  }

  final DatomicConnection connect() {
    return ClientOptions.connect(client(), databaseName());
  }
}
