package com.fulcrologic.datomiccloudbackup.store;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/**
 * A store in this process's memory, for tests and trials; its content is lost with this object.
 * Thread-safe.
 */
public final class MemoryBackupStore implements BackupStore {
  private final ConcurrentNavigableMap<String, byte[]> contents = new ConcurrentSkipListMap<>();

  /** An empty store. */
  public MemoryBackupStore() {}

  @Override
  public boolean create(String key, byte[] content) {
    return contents.putIfAbsent(BackupStore.requireKey(key), content.clone()) == null;
  }

  @Override
  public Optional<byte[]> read(String key, int sizeMax) {
    byte[] content = contents.get(BackupStore.requireKey(key));
    if (sizeMax < 0) {
      throw new IllegalArgumentException("sizeMax must not be negative");
    }
    return Optional.ofNullable(content)
        .map(all -> Arrays.copyOf(all, Math.min(all.length, sizeMax)));
  }

  @Override
  public Stream<StoredObject> list(String prefix, String startAfter) {
    BackupStore.requirePrefix(prefix);
    Map<String, byte[]> after =
        startAfter.compareTo(prefix) < 0
            ? contents.tailMap(prefix, true)
            : contents.tailMap(startAfter, false);
    return after.entrySet().stream()
        .takeWhile(entry -> entry.getKey().startsWith(prefix))
        .map(entry -> new StoredObject(entry.getKey(), entry.getValue().length));
  }

  @Override
  public String location() {
    return "memory:";
  }
}
