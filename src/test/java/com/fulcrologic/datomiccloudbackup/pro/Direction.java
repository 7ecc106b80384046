package com.fulcrologic.datomiccloudbackup.pro;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.ProSystem;

/** From which Datomic, and into which one. */
enum Direction {
  LOCAL_TO_PRO,
  PRO_TO_LOCAL,
  PRO_TO_PRO;

  private static final ProSystem PRO = new ProSystem();
  private static LocalSystem local = LocalSystem.inMemory();

  DatomicConnection newSource() {
    return this == LOCAL_TO_PRO ? local.newDatabase() : PRO.newDatabase();
  }

  DatomicConnection newTarget() {
    return this == PRO_TO_LOCAL ? local.newDatabase() : PRO.newDatabase();
  }

  /** Lets the databases of Local go, which nothing else does. */
  static void forgetLocal() {
    local = LocalSystem.inMemory();
  }
}
