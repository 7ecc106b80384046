package com.fulcrologic.datomiccloudbackup.bench;

import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A real store, each request to which takes as long as to one far away. Thread-safe. */
final class DistantStore implements BackupStore {
  private final BackupStore real;
  private final long requestNanos;

  DistantStore(BackupStore real, long requestMillis) {
    this.real = real;
    this.requestNanos = TimeUnit.MILLISECONDS.toNanos(requestMillis);
  }

  @Override
  public boolean create(String key, byte[] content) {
    travel();
    return real.create(key, content);
  }

  @Override
  public Optional<byte[]> read(String key, int sizeMax) {
    travel();
    return real.read(key, sizeMax);
  }

  @Override
  public Stream<StoredObject> list(String prefix, String startAfter) {
    travel();
    return real.list(prefix, startAfter);
  }

  @Override
  public String location() {
    return real.location();
  }

  private void travel() {
    long end = System.nanoTime() + requestNanos;
    for (long left = requestNanos; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
