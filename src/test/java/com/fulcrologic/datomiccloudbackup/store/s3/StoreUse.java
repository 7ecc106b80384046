package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.util.Arrays;
import java.util.stream.Stream;

/** Each of a store's methods once. */
final class StoreUse {
  private StoreUse() {}

  static String of(BackupStore store) {
    boolean created = store.create("a", new byte[] {1, 2, 3});
    boolean again = store.create("a", new byte[] {4});
    byte[] read = store.read("a", 10).orElseThrow();
    try (Stream<StoredObject> objects = store.list("", "")) {
      return created + " " + again + " " + Arrays.toString(read) + " " + objects.toList();
    }
  }
}
