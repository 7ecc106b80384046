package com.fulcrologic.datomiccloudbackup.datomic;

import clojure.lang.Keyword;
import clojure.lang.RT;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchDatabaseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A system behind {@code datomic.client.api}: Cloud, Local, and others of that API. */
final class ClientSystem implements DatomicSystem {
  private static final Keyword DB_NAME = Keyword.intern("db-name");
  private static final Keyword T = Keyword.intern("t");

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

  ClientSystem(Object client, Duration callLimit) {
    this.client = client;
    this.callLimit = Calls.requirePositive(callLimit);
    this.calls = Calls.of(client, callLimit);
  }

  @Override
  public DatomicSystem withCallLimit(Duration limit) {
    return new ClientSystem(client, limit);
  }

  @Override
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
      return calls.call(doing, () -> raw(databaseName));
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

  @Override
  public void create(String databaseName) {
    Object unused =
        calls.call(
            "create database " + databaseName,
            () -> ClientApi.CREATE_DATABASE.invoke(client, RT.map(DB_NAME, databaseName)));
    created.add(databaseName);
  }

  @Override
  public void delete(String databaseName) {
    Object unused =
        calls.call(
            "delete database " + databaseName,
            () -> ClientApi.DELETE_DATABASE.invoke(client, RT.map(DB_NAME, databaseName)));
  }

  @Override
  public List<String> databaseNames() {
    return calls.call(
        "list the databases",
        () -> {
          List<String> names = new ArrayList<>();
          Iterator<?> listed = RT.iter(ClientApi.LIST_DATABASES.invoke(client, RT.map()));
          listed.forEachRemaining(name -> names.add(String.valueOf(name)));
          return names;
        });
  }
}
