package com.fulcrologic.datomiccloudbackup.testing;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** A real Datomic Local system, in memory or in a directory, that hands out new databases. */
public final class LocalSystem {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final String clientMap;
  private final DatomicClient client;

  private LocalSystem(String storageDir) {
    this.clientMap =
        "{:server-type :datomic-local :storage-dir "
            + storageDir
            + " :system \""
            + UUID.randomUUID()
            + "\"}";
    this.client = DatomicClient.ofEdn(clientMap);
  }

  /** In memory: it lives as long as this object. */
  public static LocalSystem inMemory() {
    return new LocalSystem(":mem");
  }

  /** In a directory: slower, and there for another client, or another JVM. */
  public static LocalSystem in(Path directory) {
    return new LocalSystem(Edn.write(directory.toAbsolutePath().toString()));
  }

  /** The client map, in EDN. */
  public String clientMap() {
    return clientMap;
  }

  /** A new, empty database. */
  public DatomicConnection newDatabase() {
    return database("db-" + NUMBER.incrementAndGet());
  }

  /** Makes a database without opening it, so that another process may. */
  public void create(String name) {
    client.createDatabase(name);
  }

  /** The database of that name, created where there is none. */
  public DatomicConnection database(String name) {
    client.createDatabase(name);
    return client.connect(name);
  }
}
