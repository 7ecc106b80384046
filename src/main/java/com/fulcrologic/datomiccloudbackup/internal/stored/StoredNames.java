package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the names of all backups in a store, skipping from the first key of each to the next. */
final class StoredNames {
  private StoredNames() {}

  /** The names of all backups, sorted. */
  static List<String> in(BackupStore store) {
    List<String> names = new ArrayList<>();
    String position = "";
    while (true) {
      Optional<String> key = firstKey(store, position);
      if (key.isEmpty()) {
        return names.stream().sorted().toList();
      }
      SegmentKeys.name(key.get())
          .filter(found -> StoredBackup.of(store, found).exists())
          .ifPresent(names::add);
      if (BackupStore.keyOrder().compare(key.get(), position) <= 0) {
        throw new StoreException(
            "Failed to list " + store.location() + ": its listing does not go forward.",
            "This kind of store ignores the start of a listing: use another store.");
      }
      position = SegmentKeys.afterBackup(key.get());
    }
  }

  private static Optional<String> firstKey(BackupStore store, String startAfter) {
    try (Stream<StoredObject> objects = store.list("", startAfter)) {
      return objects.map(StoredObject::key).findFirst();
    }
  }
}
