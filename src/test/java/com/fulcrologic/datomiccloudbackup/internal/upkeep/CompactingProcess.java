package com.fulcrologic.datomiccloudbackup.internal.upkeep;

import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.Stores;
import com.fulcrologic.datomiccloudbackup.upkeep.CompactOptions;
import java.nio.file.Path;

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
    BackupStore real = Stores.in(Path.of(args[0]));
    int halt = Integer.parseInt(args[1]);
    BackupStore halting =
        new ForwardingBackupStore(real) {
          @Override
          public boolean create(String key, byte[] content) {
            if (halt % 2 == 1) {
              Runtime.getRuntime().halt(HALTED);
            }
            super.create(key, content);
            Runtime.getRuntime().halt(HALTED);
            return true;
          }
        };
    new Compaction(StoredBackup.of(halting, "w")).compact(OPTIONS);
  }
}
