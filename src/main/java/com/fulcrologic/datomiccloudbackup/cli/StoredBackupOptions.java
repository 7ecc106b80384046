package com.fulcrologic.datomiccloudbackup.cli;

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

  NamedBackup open() {
    return store.open(name);
  }

  StoreOptions store() {
    return store;
  }

  String name() {
    return name;
  }
}
