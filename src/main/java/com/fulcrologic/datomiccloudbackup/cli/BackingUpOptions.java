package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import picocli.CommandLine.Mixin;

/** From which source to write into which store, and how to go about it. */
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
