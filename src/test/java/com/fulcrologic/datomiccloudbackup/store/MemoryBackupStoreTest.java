package com.fulcrologic.datomiccloudbackup.store;

final class MemoryBackupStoreTest extends BackupStoreContract {
  @Override
  protected BackupStore emptyStore() {
    return new MemoryBackupStore();
  }

  @Override
  protected BackupStore sameStore(BackupStore store) {
    return store;
  }
}
