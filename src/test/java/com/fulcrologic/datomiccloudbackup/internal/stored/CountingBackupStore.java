package com.fulcrologic.datomiccloudbackup.internal.stored;

import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingBackupStore;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Passes everything on, and counts what it costs. */
final class CountingBackupStore extends ForwardingBackupStore {
  private final AtomicInteger listCount = new AtomicInteger();
  private final AtomicInteger entryCount = new AtomicInteger();
  private final AtomicInteger openCount = new AtomicInteger();
  private final AtomicInteger readCount = new AtomicInteger();

  CountingBackupStore(BackupStore store) {
    super(store);
  }

  @Override
  public Optional<byte[]> read(String key, int sizeMax) {
    readCount.incrementAndGet();
    return super.read(key, sizeMax);
  }

  @Override
  public Stream<StoredObject> list(String prefix, String startAfter) {
    listCount.incrementAndGet();
    openCount.incrementAndGet();
    return super.list(prefix, startAfter)
        .peek(object -> entryCount.incrementAndGet())
        .onClose(openCount::decrementAndGet);
  }

  void reset() {
    listCount.set(0);
    entryCount.set(0);
    readCount.set(0);
  }

  int listCount() {
    return listCount.get();
  }

  /** Entries taken from all listings. */
  int entryCount() {
    return entryCount.get();
  }

  /** Listings that nobody closed. */
  int openCount() {
    return openCount.get();
  }

  int readCount() {
    return readCount.get();
  }
}
