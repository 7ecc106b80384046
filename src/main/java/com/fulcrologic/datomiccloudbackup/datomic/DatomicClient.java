package com.fulcrologic.datomiccloudbackup.datomic;

import clojure.lang.IPersistentMap;
import clojure.lang.Keyword;
import clojure.lang.RT;
import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchDatabaseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A client of one Datomic system. Thread-safe; holds nothing that needs closing. */
public final class DatomicClient {
  private static final Keyword DB_NAME = Keyword.intern("db-name");
  private static final Keyword T = Keyword.intern("t");
  private static final Keyword SERVER_TYPE = Keyword.intern("server-type");
  private static final Keyword LOCAL = Keyword.intern("datomic-local");

  /** The wait for the keys of a new database. */
  private static final RetryPolicy NEW_DATABASE =
      new RetryPolicy(20, Duration.ofMillis(200), Duration.ofSeconds(4));

  /** Retries for connecting, which only reads, and whose reply may be lost as any other. */
  private static final RetryPolicy CONNECTING =
      new RetryPolicy(4, Duration.ofMillis(200), Duration.ofSeconds(2));

  private final Object client;
  private final Duration callLimit;
  private final Calls calls;
  private final Set<String> created = ConcurrentHashMap.newKeySet();

  private DatomicClient(Object client, Duration callLimit) {
    this.client = client;
    this.callLimit = Calls.requirePositive(callLimit);
    this.calls = Calls.of(client, callLimit);
  }

  /**
   * Makes a client from a client map in EDN, which is passed through unchanged, as in {@code
   * {:server-type :datomic-local :storage-dir "/abs/dir" :system "dev"}}.
   *
   * @throws InvalidConfigurationException when the text is not a map, or Datomic does not accept
   *     it, or the client library is not on the class path; the message does not quote the text
   * @throws AnomalyException of category unavailable when nothing answers at its endpoint
   */
  public static DatomicClient ofEdn(String clientMap) {
    if (!(Edn.read(clientMap) instanceof IPersistentMap map)) {
      throw new InvalidConfigurationException(
          "Failed to read the client map: the EDN is not a map",
          "give a map such as {:server-type :datomic-local :storage-dir \"/abs/dir\" :system"
              + " \"dev\"}");
    }
    try {
      return new DatomicClient(
          Anomalies.guard("make a Datomic client", () -> ClientApi.CLIENT.invoke(map)),
          Calls.LIMIT_DEFAULT);
    } catch (AnomalyException refused) {
      throw refusal(refused, map);
    }
  }

  /** A client of Cloud asks its endpoint when it is made; a client of Local asks none. */
  private static BackupException refusal(AnomalyException refused, IPersistentMap map) {
    return switch (refused.anomaly()) {
      case UNAVAILABLE, NOT_FOUND -> AnomalyException.unreachable("make a Datomic client", refused);
      case FORBIDDEN, BUSY, INTERRUPTED -> refused;
      case INCORRECT, UNSUPPORTED, CONFLICT, FAULT ->
          new InvalidConfigurationException(
              "Failed to make a Datomic client: Datomic does not accept the client map",
              LOCAL.equals(map.valAt(SERVER_TYPE))
                  ? "add com.datomic:local, and give :system and an absolute :storage-dir"
                  : "check :server-type and the keys that it needs, as :region, :system and"
                      + " :endpoint for :cloud, and that :endpoint is the one of this system",
              refused);
    };
  }

  /** Wraps a client that a Clojure caller already holds. */
  public static DatomicClient of(Object client) {
    return new DatomicClient(client, Calls.LIMIT_DEFAULT);
  }

  /**
   * The same client with another limit for its calls, and for the calls of connections that the new
   * client makes; two minutes by default.
   *
   * @param limit the most time for a call of a remote system, or for each part of a longer read;
   *     positive
   */
  public DatomicClient withCallLimit(Duration limit) {
    return new DatomicClient(client, limit);
  }

  /**
   * Connects.
   *
   * @throws NoSuchDatabaseException when the system has no database of that name
   */
  public DatomicConnection connect(String databaseName) {
    Object connection =
        created.contains(databaseName)
            ? Retries.whileTransient(NEW_DATABASE, () -> connectToNew(databaseName))
            : Retries.whileTransient(CONNECTING, () -> connected(databaseName));
    return new ClientConnection(connection, databaseName, () -> raw(databaseName), callLimit);
  }

  /** Connects to a database that was just made; its keys appear a moment later. */
  private Object connectToNew(String databaseName) {
    try {
      return connected(databaseName);
    } catch (NoSuchDatabaseException early) {
      throw new AnomalyException(
          "connect to database " + databaseName + ", which was just made",
          Anomaly.UNAVAILABLE,
          null,
          early);
    }
  }

  private Object connected(String databaseName) {
    String doing = "connect to database " + databaseName;
    try {
      return calls.call(doing, () -> raw(databaseName), () -> {});
    } catch (AnomalyException refused) {
      if (refused.anomaly() == Anomaly.NOT_FOUND) {
        throw new NoSuchDatabaseException(
            "Failed to connect: the system has no database named " + databaseName,
            "check the database's name and the client map",
            refused);
      }
      boolean isLost = refused.anomaly() == Anomaly.UNAVAILABLE;
      throw calls.isRemote() && isLost ? AnomalyException.withoutKeys(doing, refused) : refused;
    }
  }

  /** Connects; null when the client lost a reply meanwhile, since such a connection has no t. */
  private @Nullable Object raw(String databaseName) {
    String doing = "connect to database " + databaseName;
    try {
      return Anomalies.guard(
          doing,
          () -> {
            Object connection = ClientApi.CONNECT.invoke(client, RT.map(DB_NAME, databaseName));
            return RT.get(ClientApi.DB.invoke(connection), T) == null ? null : connection;
          });
    } catch (AnomalyException refused) {
      if (calls.isRemote() && refused.anomaly() == Anomaly.INCORRECT) {
        // the client took a failed reply for the id, and used it in the next request
        throw new AnomalyException(doing, Anomaly.UNAVAILABLE, null, refused);
      }
      throw refused;
    }
  }

  /** Creates the database; an existing database stays unchanged. */
  public void createDatabase(String databaseName) {
    Object unused =
        calls.call(
            "create database " + databaseName,
            () -> ClientApi.CREATE_DATABASE.invoke(client, RT.map(DB_NAME, databaseName)),
            () -> {});
    created.add(databaseName);
  }

  /** Deletes the database: only for a temporary database of this library. */
  void delete(String databaseName) {
    Object unused =
        calls.call(
            "delete database " + databaseName,
            () -> ClientApi.DELETE_DATABASE.invoke(client, RT.map(DB_NAME, databaseName)),
            () -> {});
  }

  /** The names of the system's databases. */
  public List<String> databaseNames() {
    return calls.call(
        "list the databases",
        () -> {
          List<String> names = new ArrayList<>();
          Iterator<?> listed = RT.iter(ClientApi.LIST_DATABASES.invoke(client, RT.map()));
          while (listed.hasNext()) {
            names.add(String.valueOf(listed.next()));
          }
          return names;
        },
        () -> {});
  }
}
