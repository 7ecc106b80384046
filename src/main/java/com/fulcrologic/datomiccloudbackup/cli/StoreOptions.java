package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

final class StoreOptions {
  @Option(
      names = "--store",
      required = true,
      paramLabel = "URI",
      description =
          "The store of the backups: file:/abs/dir, or s3://bucket/prefix, whose parameters are"
              + " endpoint, region, pathStyle, sse, kmsKey and storageClass.")
  private String uri = "";

  @Mixin private KeysOption keys = new KeysOption();

  static final class OfBackup {
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

  /** The keys of the store, also for a second store. */
  KeysOption keys() {
    return keys;
  }

  BackupStore open() {
    return keys.over(openPlain());
  }

  NamedBackup open(String backupName) {
    return new NamedBackup(open(), backupName);
  }

  BackupStore openPlain() {
    return StoreUris.open(uri);
  }
}
