package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import picocli.CommandLine.Option;

/** The options for the system of a target. */
final class TargetOptions {
  @Option(
      names = "--target",
      required = true,
      paramLabel = "EDN",
      description = "The target's client map, or @FILE that holds it.")
  private String clientMap = "";

  @Option(names = "--create", description = "Creates the target database when it is not there.")
  private boolean isCreating;

  boolean isCreating() {
    return isCreating;
  }

  DatomicClient client(ClientOptions clients) {
    return clients.client("--target", clientMap);
  }

  /** The connection to a target, which is created first if it should be. */
  DatomicConnection connect(ClientOptions clients, String databaseName) {
    DatomicClient client = client(clients);
    if (isCreating) {
      client.createDatabase(databaseName);
    }
    return ClientOptions.connect(client, databaseName);
  }
}
