package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchDatabaseException;
import com.fulcrologic.datomiccloudbackup.internal.tools.Suggestions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for the calls of Datomic systems. */
final class ClientOptions {
  static final String CALL_TIMEOUT = "--call-timeout";

  @Option(
      names = CALL_TIMEOUT,
      paramLabel = "DURATION",
      description =
          "The most time for a call of a remote system before it is abandoned and tried again; 2m"
              + " if not given.")
  private @Nullable String callTimeout;

  /**
   * Connects to a database.
   *
   * @throws NoSuchDatabaseException when the system has none of this name; it names those there are
   */
  static DatomicConnection connect(DatomicClient client, String databaseName) {
    try {
      return client.connect(databaseName);
    } catch (NoSuchDatabaseException missing) {
      List<String> names = names(client, missing);
      throw new NoSuchDatabaseException(
          missing.getMessage() + Suggestions.question(databaseName, names),
          names.isEmpty()
              ? "this system has no database: check the client map"
              : "its databases are: " + Words.first(names.stream().sorted().toList()),
          missing);
    }
  }

  private static List<String> names(DatomicClient client, NoSuchDatabaseException missing) {
    try {
      return client.databaseNames();
    } catch (BackupException unlisted) { // that the database is missing says more
      throw missing;
    }
  }

  /** The connection to a database of the system that the client map names. */
  DatomicConnection connect(String option, String clientMap, String databaseName) {
    return connect(client(option, clientMap), databaseName);
  }

  /**
   * The client.
   *
   * @param option the option that held the client map
   */
  DatomicClient client(String option, String clientMap) {
    DatomicClient client = ClientMaps.client(option, clientMap);
    return callTimeout == null
        ? client
        : client.withCallLimit(Durations.parse(CALL_TIMEOUT, callTimeout));
  }
}
