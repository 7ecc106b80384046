package com.fulcrologic.datomiccloudbackup.datomic;

import clojure.lang.IPersistentMap;
import clojure.lang.Keyword;
import clojure.lang.RT;
import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.NoSuchDatabaseException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** A client of one Datomic system. Thread-safe; holds nothing that needs closing. */
public final class DatomicClient {
  private static final Keyword DB_NAME = Keyword.intern("db-name");

  private final Object client;

  private DatomicClient(Object client) {
    this.client = client;
  }

  /**
   * Makes a client from a client map in EDN, which is passed through unchanged, as in {@code
   * {:server-type :datomic-local :storage-dir "/abs/dir" :system "dev"}}.
   *
   * @throws InvalidConfigurationException when the text is not a map, or Datomic does not accept
   *     it, or its library is not on the class path; the message does not quote it
   * @throws AnomalyException of category unavailable when nothing answers at its endpoint
   */
  public static DatomicClient ofEdn(String clientMap) {
    if (!(Edn.read(clientMap) instanceof IPersistentMap map)) {
      throw new InvalidConfigurationException(
          "Failed to read the client map: the EDN is not a map",
          "give a map such as {:server-type :datomic-local :storage-dir \"/abs/dir\" :system \"dev\"}");
    }
    try {
      return new DatomicClient(
          Anomalies.guard("make a Datomic client", () -> ClientApi.CLIENT.invoke(map)));
    } catch (AnomalyException refused) {
      throw refusal(refused);
    }
  }

  /** Making a client of Cloud asks its endpoint; one of Local asks nobody. */
  private static BackupException refusal(AnomalyException refused) {
    return switch (refused.anomaly()) {
      case UNAVAILABLE, NOT_FOUND -> AnomalyException.unreachable("make a Datomic client", refused);
      case FORBIDDEN, BUSY, INTERRUPTED -> refused;
      case INCORRECT, UNSUPPORTED, CONFLICT, FAULT ->
          new InvalidConfigurationException(
              "Failed to make a Datomic client: Datomic does not accept the client map",
              "check :server-type and the keys that it needs; for :datomic-local, add"
                  + " com.datomic:local, and give an absolute :storage-dir",
              refused);
    };
  }

  /** Wraps a client that a Clojure caller already holds. */
  public static DatomicClient of(Object client) {
    return new DatomicClient(client);
  }

  /**
   * Connects.
   *
   * @throws NoSuchDatabaseException when the system has no database of that name
   */
  public DatomicConnection connect(String databaseName) {
    try {
      Object connection =
          Anomalies.guard(
              "connect to database " + databaseName,
              () -> ClientApi.CONNECT.invoke(client, RT.map(DB_NAME, databaseName)));
      return new ClientConnection(connection, databaseName);
    } catch (AnomalyException refused) {
      if (refused.anomaly() == Anomaly.NOT_FOUND) {
        throw new NoSuchDatabaseException(
            "Failed to connect: the system has no database named " + databaseName,
            "check the database's name and the client map",
            refused);
      }
      throw refused;
    }
  }

  /** Creates the database; one that exists stays as it is. */
  public void createDatabase(String databaseName) {
    Anomalies.guard(
        "create database " + databaseName,
        () -> ClientApi.CREATE_DATABASE.invoke(client, RT.map(DB_NAME, databaseName)));
  }

  /** Deletes the database: only for one that this library itself has made for a while. */
  void delete(String databaseName) {
    Anomalies.guard(
        "delete database " + databaseName,
        () -> ClientApi.DELETE_DATABASE.invoke(client, RT.map(DB_NAME, databaseName)));
  }

  /** The names of the system's databases. */
  public List<String> databaseNames() {
    return Anomalies.guard(
        "list the databases",
        () -> {
          List<String> names = new ArrayList<>();
          Iterator<?> listed = RT.iter(ClientApi.LIST_DATABASES.invoke(client, RT.map()));
          while (listed.hasNext()) {
            names.add(String.valueOf(listed.next()));
          }
          return names;
        });
  }
}
