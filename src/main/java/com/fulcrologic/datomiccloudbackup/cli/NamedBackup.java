package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.util.Map;

/** The backup that a command works on. */
record NamedBackup(BackupStore store, String name) {

  Cloning cloning() {
    return Cloning.with(store);
  }

  /** As in {@code backup shop in file:/backups}. */
  String place() {
    return "backup " + name + " in " + store.location();
  }

  /** A report's object: name and store, then these fields. */
  Map<String, Object> json(Object... namesAndValues) {
    Map<String, Object> json = Json.object("name", name, "store", store.location());
    json.putAll(Json.object(namesAndValues));
    return json;
  }
}
