package com.fulcrologic.datomiccloudbackup.testing;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** A real Datomic Pro system in memory, that hands out new databases. */
public final class ProSystem {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final String clientMap =
      "{:server-type :peer :uri \"datomic:mem://" + UUID.randomUUID() + "-%s\"}";
  private final DatomicClient client = DatomicClient.ofEdn(clientMap);

  /** The client map, in EDN. */
  public String clientMap() {
    return clientMap;
  }

  /** The client. */
  public DatomicClient client() {
    return client;
  }

  /** A new, empty database. */
  public DatomicConnection newDatabase() {
    return database("db-" + NUMBER.incrementAndGet());
  }

  /** The database of that name, created where there is none. */
  public DatomicConnection database(String name) {
    client.createDatabase(name);
    return client.connect(name);
  }
}
