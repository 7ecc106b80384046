package com.fulcrologic.datomiccloudbackup.internal.upkeep;

import static com.fulcrologic.datomiccloudbackup.internal.upkeep.PrivateShop.ANN;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.upkeep.CopyOptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Tests that copy a backup of {@link PrivateShop}, named w, in segments of three transactions. */
abstract class ShopBackup {
  static final BackupOptions SMALL = BackupOptions.DEFAULTS.withTransactionCountMax(3);
  static final CopyOptions FORGETTING =
      CopyOptions.DEFAULTS.excluding(":user/ssn").erasing(":user/email", ANN + "@new.com");

  static LocalSystem system;
  static DatomicConnection source;

  final BackupStore store = new MemoryBackupStore();
  final Cloning cloning = Cloning.with(store);

  @BeforeAll
  static void makeSource() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    PrivateShop.fill(source);
  }

  @BeforeEach
  void backUp() {
    cloning.backup("w", source, SMALL);
  }
}
