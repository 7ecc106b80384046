package com.fulcrologic.datomiccloudbackup.datomic;

import com.fulcrologic.datomiccloudbackup.testing.DatomicConnectionContract;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import org.junit.jupiter.api.BeforeAll;

/** Datomic Local, in this process. */
class LocalConnectionTest extends DatomicConnectionContract {
  private static LocalSystem system;

  @BeforeAll
  static void start() {
    system = LocalSystem.inMemory();
  }

  @Override
  protected DatomicConnection newDatabase() {
    return system.newDatabase();
  }
}
