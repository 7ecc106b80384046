package com.fulcrologic.datomiccloudbackup.wire;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.testing.DatomicConnectionContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** The network client of Datomic Cloud. */
@Timeout(300)
class WireConnectionTest extends DatomicConnectionContract {
  private static WireSystem system;

  @BeforeAll
  static void start() {
    system = WireSystem.start();
  }

  @AfterAll
  static void stop() {
    system.close();
  }

  @Override
  protected DatomicConnection newDatabase() {
    return system.newDatabase();
  }
}
