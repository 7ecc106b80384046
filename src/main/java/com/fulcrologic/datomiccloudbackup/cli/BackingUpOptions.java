package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import picocli.CommandLine.Mixin;

/** The source, the store and the tuning of a backup. */
final class BackingUpOptions {
  @Mixin private SourceOptions source = new SourceOptions();
  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private BackupTuning tuning = new BackupTuning();

  BackupStore open() {
    return store.open();
  }

  String backupName() {
    return source.backupName();
  }

  ClientOptions clients() {
    return source.clients();
  }

  DatomicConnection connect() {
    return source.connect();
  }

  BackupOptions options(Progress.Listener listener) {
    return tuning.options(listener);
  }
}
