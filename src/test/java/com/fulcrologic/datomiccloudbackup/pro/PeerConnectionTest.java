package com.fulcrologic.datomiccloudbackup.pro;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.testing.DatomicConnectionContract;
import com.fulcrologic.datomiccloudbackup.testing.ProSystem;

/** Datomic Pro, by its peer library. */
class PeerConnectionTest extends DatomicConnectionContract {
  private final ProSystem system = new ProSystem();

  @Override
  protected DatomicConnection newDatabase() {
    return system.newDatabase();
  }
}
