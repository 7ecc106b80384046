package com.fulcrologic.datomiccloudbackup.internal.check;

import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.exceptions.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.FilesystemBackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** A process of its own that appends receipts for growing backups until it is killed. */
final class AppendingProcess {
  static final int NAME_COUNT = 300;

  private AppendingProcess() {}

  /**
   * Appends a receipt after each segment, under one name after another, and prints the name and the
   * number.
   *
   * @param args the directory of a backup w, and that of the receipts
   */
  public static void main(String[] args) {
    BackupStore full = FilesystemBackupStore.at(Path.of(args[0]));
    BackupStore receipts = FilesystemBackupStore.at(Path.of(args[1]));
    List<String> keys = new ArrayList<>();
    try (Stream<StoredObject> listed = full.list("w/segments/", "")) {
      listed.forEach(each -> keys.add(each.key()));
    }
    Collections.reverse(keys); // ascending t
    for (int i = 0; i < NAME_COUNT; i++) {
      String name = "w" + i;
      BackupStore growing = new MemoryBackupStore();
      Cloning cloning = Cloning.with(growing);
      for (String key : keys) {
        growing.create(name + key.substring(1), full.read(key, Integer.MAX_VALUE).orElseThrow());
        try {
          cloning
              .appendReceipt(name, receipts)
              .ifPresent(receipt -> System.out.println(name + " " + receipt.number()));
        } catch (ForkedHistoryException behind) {
          System.out.println(name + " has more receipts, of an earlier process");
        }
      }
    }
  }
}
