package com.fulcrologic.datomiccloudbackup.testing;

import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All objects of a store, by key, to be changed or left out before they make another store. */
public final class StoreContents {
  private StoreContents() {}

  public static Map<String, byte[]> objects(BackupStore store) {
    Map<String, byte[]> objects = new TreeMap<>();
    try (Stream<StoredObject> listed = store.list("", "")) {
      listed.forEach(
          object ->
              objects.put(object.key(), store.read(object.key(), Integer.MAX_VALUE).orElseThrow()));
    }
    return objects;
  }

  public static BackupStore storeOf(Map<String, byte[]> objects) {
    BackupStore store = new MemoryBackupStore();
    objects.forEach(store::create);
    return store;
  }
}
