package com.fulcrologic.datomiccloudbackup.upkeep;

import com.fulcrologic.datomiccloudbackup.CompactOptions;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.FilesystemBackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** A process of its own that compacts, and that is halted right after a segment was written. */
final class CompactingProcess {
  static final int HALTED = 86;
  static final CompactOptions OPTIONS = CompactOptions.DEFAULTS.withTransactionCountMax(10);

  private CompactingProcess() {}

  /**
   * Compacts.
   *
   * @param args the store's directory, and after how many segments to halt: odd ones before they
   *     are written, even ones after
   */
  public static void main(String[] args) {
    BackupStore real = FilesystemBackupStore.at(Path.of(args[0]));
    int halt = Integer.parseInt(args[1]);
    BackupStore halting =
        new BackupStore() {
          @Override
          public boolean create(String key, byte[] content) {
            if (halt % 2 == 1) {
              Runtime.getRuntime().halt(HALTED);
            }
            real.create(key, content);
            Runtime.getRuntime().halt(HALTED);
            return true;
          }

          @Override
          public Optional<byte[]> read(String key, int sizeMax) {
            return real.read(key, sizeMax);
          }

          @Override
          public Stream<StoredObject> list(String prefix, String startAfter) {
            return real.list(prefix, startAfter);
          }

          @Override
          public String location() {
            return real.location();
          }
        };
    new Compaction(StoredBackup.of(halting, "w")).compact(OPTIONS);
  }
}
