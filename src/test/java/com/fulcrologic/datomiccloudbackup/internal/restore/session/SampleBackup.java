package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import org.junit.jupiter.api.BeforeAll;

/** Tests that restore one backup of a sample world, in segments of ten transactions. */
abstract class SampleBackup {
  static LocalSystem system;
  static DatomicConnection source;
  static StoredBackup backup;

  @BeforeAll
  static void makeBackup() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    SampleWorld.fill(source);
    backup = RestoreFixture.backup(source, 10);
  }
}
