package com.fulcrologic.datomiccloudbackup.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for one database, or for all databases of a system. */
final class BackupSourceOptions extends SourceOptions {
  @Option(names = "--db", paramLabel = "NAME", description = "The source database's name.")
  private @Nullable String databaseName;

  @Option(
      names = "--all-databases",
      description =
          "Instead of --db: every database of the system, one by one, each under its own name."
              + " A database that fails does not stop the others. The exit code is the highest of theirs,"
              + " where 3 (run it again) counts least.")
  private boolean isAll;

  /** Whether all databases are requested; refuses both or neither of --db and --all-databases. */
  boolean isAll() {
    Usage.refuseIf(
        isAll && (databaseName != null || isNamed()),
        "--all-databases does not go with --db or --name",
        "each database is backed up under its own name; leave them out");
    Usage.refuseIf(
        !isAll && databaseName == null, "missing: --db", "name a database, or say --all-databases");
    return isAll;
  }

  @Override
  String databaseName() {
    return isAll() || databaseName == null ? "" : databaseName;
  }
}
