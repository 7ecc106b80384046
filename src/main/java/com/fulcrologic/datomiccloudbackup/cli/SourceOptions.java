package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The database to back up, and its backup's name. */
final class SourceOptions {
  @Mixin private ClientOptions clients = new ClientOptions();

  @Option(
      names = "--source",
      required = true,
      paramLabel = "EDN",
      description = "The source's client map, or @FILE that holds it.")
  private String clientMap = "";

  @Option(
      names = "--db",
      required = true,
      paramLabel = "NAME",
      description = "The source database's name.")
  private String databaseName = "";

  @Option(
      names = "--name",
      paramLabel = "BACKUP",
      description = "The backup's name in the store; the database's name when it is not given.")
  private @Nullable String backupName;

  String backupName() {
    return backupName == null ? databaseName : backupName;
  }

  String databaseName() {
    return databaseName;
  }

  ClientOptions clients() {
    return clients;
  }

  DatomicConnection connect() {
    return clients.connect("--source", clientMap, databaseName);
  }
}
