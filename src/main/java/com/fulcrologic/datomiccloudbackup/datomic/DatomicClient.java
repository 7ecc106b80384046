package com.fulcrologic.datomiccloudbackup.datomic;

import clojure.lang.IPersistentMap;
import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchDatabaseException;
import java.time.Duration;
import java.util.List;

/** A client of one Datomic system. Thread-safe; holds nothing that needs closing. */
public final class DatomicClient {
  private static final Keyword SERVER_TYPE = Keyword.intern("server-type");
  private static final Keyword LOCAL = Keyword.intern("datomic-local");

  private static final Keyword PEER = Keyword.intern("peer");
  private static final Keyword URI = Keyword.intern("uri");

  private final DatomicSystem system;

  private DatomicClient(DatomicSystem system) {
    this.system = system;
  }

  /**
   * Makes a client from a client map in EDN, which is passed through unchanged, as in {@code
   * {:server-type :datomic-local :storage-dir "/abs/dir" :system "dev"}}. Datomic Pro is reached
   * through its peer library: {@code {:server-type :peer :uri "datomic:dev://host:4334/%s"}}, with
   * {@code %s} for the database's name.
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
    if (PEER.equals(map.valAt(SERVER_TYPE))) {
      return new DatomicClient(PeerSystem.of(map.valAt(URI), Calls.LIMIT_DEFAULT));
    }
    try {
      return of(Anomalies.guard("make a Datomic client", () -> ClientApi.CLIENT.invoke(map)));
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
                  ? hintForLocal(DatomicClient.class.getClassLoader())
                  : "check :server-type and the keys that it needs, as :region, :system and"
                      + " :endpoint for :cloud, and that :endpoint is the one of this system",
              refused);
    };
  }

  static String hintForLocal(ClassLoader loader) {
    return TemporaryDatabase.hasLocal(loader)
        ? "give :system, and a :storage-dir that begins with /"
        : "add com.datomic:local to the class path";
  }

  /**
   * Wraps a client that a Clojure caller already holds.
   *
   * @throws InvalidConfigurationException when it is not a client of Datomic
   */
  public static DatomicClient of(Object client) {
    if (!ClientApi.isClient(client)) {
      throw new InvalidConfigurationException(
          "Failed to use a client: an object of %s is not a client of Datomic"
              .formatted(client.getClass().getName()),
          "give the result of datomic.client.api/client; in a jar of jars, as Spring Boot makes one,"
              + " let the jars of Datomic and Clojure be unpacked");
    }
    return new DatomicClient(new ClientSystem(client, Calls.LIMIT_DEFAULT));
  }

  /**
   * The same client with another limit for its calls, and for the calls of connections that the new
   * client makes; two minutes by default.
   *
   * @param limit the most time for a call of a remote system, or for each part of a longer read;
   *     positive
   */
  public DatomicClient withCallLimit(Duration limit) {
    return new DatomicClient(system.withCallLimit(limit));
  }

  /**
   * Connects.
   *
   * @throws NoSuchDatabaseException when the system has no database of that name
   */
  public DatomicConnection connect(String databaseName) {
    return system.connect(databaseName);
  }

  /** Creates the database; an existing database stays unchanged. */
  public void createDatabase(String databaseName) {
    system.create(databaseName);
  }

  /** Deletes the database: only for a temporary database of this library. */
  void delete(String databaseName) {
    system.delete(databaseName);
  }

  /** The names of the system's databases. */
  public List<String> databaseNames() {
    return system.databaseNames();
  }
}
