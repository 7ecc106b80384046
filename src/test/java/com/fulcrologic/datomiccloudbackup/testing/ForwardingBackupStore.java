package com.fulcrologic.datomiccloudbackup.testing;

import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.util.Optional;
import java.util.stream.Stream;

/** A real store behind a decorator, which overrides what it wants to watch or to disturb. */
public abstract class ForwardingBackupStore implements BackupStore {
  private final BackupStore real;

  protected ForwardingBackupStore(BackupStore real) {
    this.real = real;
  }

  @Override
  public boolean create(String key, byte[] content) {
    return real.create(key, content);
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
}
