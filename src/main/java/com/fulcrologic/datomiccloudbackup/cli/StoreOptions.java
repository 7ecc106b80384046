package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import picocli.CommandLine.Option;

/** Which store. */
final class StoreOptions {
  @Option(
      names = "--store",
      required = true,
      paramLabel = "URI",
      description = "Where the backups are: file:/abs/dir")
  private String uri = "";

  BackupStore open() {
    return StoreUris.open(uri);
  }
}
