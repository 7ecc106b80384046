package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

class StoreOptions {
  @Option(
      names = "--store",
      required = true,
      paramLabel = "URI",
      description =
          "The store of the backups: file:/abs/dir, or s3://bucket/prefix, whose parameters are"
              + " endpoint, region, pathStyle, sse, kmsKey and storageClass.")
  private String uri = "";

  @Mixin private KeysOption keys = new KeysOption();

  /** The options of one backup in a store. */
  static final class OfBackup extends StoreOptions {
    @Option(
        names = "--name",
        required = true,
        paramLabel = "BACKUP",
        description = "The backup's name in the store.")
    private String name = "";

    NamedBackup openBackup() {
      return open(name);
    }

    String name() {
      return name;
    }
  }

  /** The keys of the store, also for a second store. */
  final KeysOption keys() {
    return keys;
  }

  final BackupStore open() {
    return keys.over(openPlain());
  }

  final NamedBackup open(String backupName) {
    return new NamedBackup(open(), backupName);
  }

  final BackupStore openPlain() {
    return StoreUris.open(uri);
  }
}
