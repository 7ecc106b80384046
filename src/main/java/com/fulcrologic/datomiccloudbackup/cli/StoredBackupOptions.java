package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options for a backup and its store. */
final class StoredBackupOptions {
  @Mixin private StoreOptions store = new StoreOptions();

  @Option(
      names = "--name",
      required = true,
      paramLabel = "BACKUP",
      description = "The backup's name in the store.")
  private String name = "";

  BackupStore open() {
    return store.open();
  }

  BackupStore openPlain() {
    return store.openPlain();
  }

  BackupStore sealed(BackupStore other) {
    return store.sealed(other);
  }

  KeysOption keys() {
    return store.keys();
  }

  String name() {
    return name;
  }
}
