package com.fulcrologic.datomiccloudbackup.testing;

import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.FilesystemBackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealedBackupStore;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealingKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Stores for tests that run once more on sealed stores: with the system property {@code
 * sealed.stores}, each one is sealed, under keys that all processes share.
 */
public final class Stores {
  private static final String PROPERTY = "sealed.stores";

  private Stores() {}

  /** An empty store in memory. */
  public static BackupStore memory() {
    return each(new MemoryBackupStore());
  }

  /** The store in this directory. */
  public static BackupStore in(Path directory) {
    return each(FilesystemBackupStore.at(directory));
  }

  private static BackupStore each(BackupStore store) {
    return Boolean.getBoolean(PROPERTY) ? sealed(store) : store;
  }

  /** For the processes of a test: their stores are like this one's. */
  public static String jvmArgument() {
    return "-D" + PROPERTY + "=" + Boolean.getBoolean(PROPERTY);
  }

  /** That store, sealed in any case. */
  public static BackupStore sealed(BackupStore store) {
    return SealedBackupStore.over(store, Keys.ALL);
  }

  /** Are read by those that seal. */
  private static final class Keys {
    static final SealingKeys ALL = read();

    private static SealingKeys read() {
      try (InputStream text = Stores.class.getResourceAsStream("/keyset-for-tests.json")) {
        return SealingKeys.parse(
            new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
