package com.fulcrologic.datomiccloudbackup.datomic;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.util.UUID;

/**
 * An empty database in memory, in an embedded Datomic Local, or in Datomic Pro. The database takes
 * about 140 bytes a datom, in Pro 170. It is gone when this object is closed, or the process ends.
 */
public final class TemporaryDatabase implements AutoCloseable {
  private static final String NAME = "temporary";

  private final DatomicClient client;
  private final DatomicConnection connection;

  private TemporaryDatabase(DatomicClient client) {
    this.client = client;
    client.createDatabase(NAME);
    this.connection = client.connect(NAME);
  }

  /**
   * Makes an empty database.
   *
   * @throws InvalidConfigurationException when Datomic Local is not on the class path
   */
  public static TemporaryDatabase create() {
    return create(TemporaryDatabase.class.getClassLoader());
  }

  /** Whether Datomic Local is on its class path. */
  static boolean hasLocal(ClassLoader loader) {
    return loader.getResource("datomic/local__init.class") != null;
  }

  static TemporaryDatabase create(ClassLoader loader) {
    if (!hasLocal(loader)) {
      throw new InvalidConfigurationException(
          "Failed to make a temporary database: Datomic Local is not on the class path",
          "add com.datomic:local, or restore into a database of your own and compare with that");
    }
    return new TemporaryDatabase(
        DatomicClient.ofEdn(
            "{:server-type :datomic-local :storage-dir :mem :system \"%s\"}"
                .formatted(UUID.randomUUID())));
  }

  /**
   * Makes an empty database of Datomic Pro.
   *
   * @throws InvalidConfigurationException when the peer library is not on the class path
   */
  public static TemporaryDatabase createPro() {
    return new TemporaryDatabase(
        DatomicClient.ofEdn(
            "{:server-type :peer :uri \"datomic:mem://" + UUID.randomUUID() + "-%s\"}"));
  }

  /** The connection to the database. */
  public DatomicConnection connection() {
    return connection;
  }

  /** Deletes the database: otherwise its memory would stay in use. */
  @Override
  public void close() {
    client.delete(NAME);
  }
}
