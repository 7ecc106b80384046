package com.fulcrologic.datomiccloudbackup.testing;

import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A real store that can be out of order for a while, and that counts what is asked of it. */
public final class DisturbedStore extends ForwardingBackupStore {
  private final AtomicInteger requestCount = new AtomicInteger();
  private final AtomicInteger refusedCount = new AtomicInteger();
  private volatile boolean isBroken;

  public DisturbedStore(BackupStore real) {
    super(real);
  }

  /** From now on, everything fails. */
  public void breakDown() {
    isBroken = true;
  }

  /** From now on, everything works. */
  public void recover() {
    isBroken = false;
  }

  /** Requests since the beginning, those that failed included. */
  public int requestCount() {
    return requestCount.get();
  }

  /** Requests that failed. */
  public int refusedCount() {
    return refusedCount.get();
  }

  @Override
  public boolean create(String key, byte[] content) {
    request();
    return super.create(key, content);
  }

  @Override
  public Optional<byte[]> read(String key, int sizeMax) {
    request();
    return super.read(key, sizeMax);
  }

  @Override
  public Stream<StoredObject> list(String prefix, String startAfter) {
    request();
    return super.list(prefix, startAfter);
  }

  private void request() {
    requestCount.incrementAndGet();
    if (isBroken) {
      refusedCount.incrementAndGet();
      throw new StoreException("Failed to reach " + location() + ": out of order", "wait");
    }
  }
}
