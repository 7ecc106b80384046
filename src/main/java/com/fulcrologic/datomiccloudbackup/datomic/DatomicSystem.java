package com.fulcrologic.datomiccloudbackup.datomic;

import java.time.Duration;
import java.util.List;

/** One Datomic system, by the library that reaches it. Thread-safe. */
interface DatomicSystem {
  /** The same system with another limit for its calls. */
  DatomicSystem withCallLimit(Duration limit);

  /** Connects; throws like {@link DatomicClient#connect}. */
  DatomicConnection connect(String databaseName);

  /** Creates the database; an existing database stays unchanged. */
  void create(String databaseName);

  /** Deletes the database. */
  void delete(String databaseName);

  /** The names of the databases. */
  List<String> databaseNames();
}
