package com.fulcrologic.datomiccloudbackup.store;

import com.fulcrologic.datomiccloudbackup.store.sealed.SealedBackupStore;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealingKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** A sealed directory meets the contract, with the faults of a disk. */
final class SealedFilesystemStoreTest extends BackupStoreContract {
  private static final SealingKeys KEYS = SealingKeys.create();

  @TempDir Path parent;

  @Override
  protected BackupStore emptyStore() {
    return SealedBackupStore.over(FilesystemBackupStore.at(root()), KEYS);
  }

  @Override
  protected BackupStore sameStore(BackupStore store) {
    return emptyStore();
  }

  @Override
  protected Optional<BackupStore> storeWith(Fault fault, Strikes strikes) {
    return switch (fault) {
      case LOST_REPLY, BROKEN, CUT_READ, ACCESS_DENIED, READ_ONLY, FULL ->
          Optional.of(
              SealedBackupStore.over(
                  FilesystemBackupStore.at(root(), new FaultyDisk(fault, strikes)), KEYS));
      case BUSY, STALLED_READ -> Optional.empty(); // a disk makes its user wait
    };
  }

  @Override
  protected List<String> leftovers(BackupStore store) {
    List<String> keys = keys(store, "", "");
    try (Stream<Path> files = Files.walk(root())) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root().relativize(file).toString())
          .filter(file -> !keys.contains(file))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path root() {
    return parent.resolve("store");
  }
}
