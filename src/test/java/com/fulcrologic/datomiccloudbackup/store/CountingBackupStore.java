package com.fulcrologic.datomiccloudbackup.store;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Passes everything on, and counts what it costs. */
final class CountingBackupStore implements BackupStore {
  private final BackupStore store;
  private final AtomicInteger listCount = new AtomicInteger();
  private final AtomicInteger entryCount = new AtomicInteger();
  private final AtomicInteger openCount = new AtomicInteger();
  private final AtomicInteger readCount = new AtomicInteger();

  CountingBackupStore(BackupStore store) {
    this.store = store;
  }

  @Override
  public boolean create(String key, byte[] content) {
    return store.create(key, content);
  }

  @Override
  public Optional<byte[]> read(String key, int sizeMax) {
    readCount.incrementAndGet();
    return store.read(key, sizeMax);
  }

  @Override
  public Stream<StoredObject> list(String prefix, String startAfter) {
    listCount.incrementAndGet();
    openCount.incrementAndGet();
    return store
        .list(prefix, startAfter)
        .peek(object -> entryCount.incrementAndGet())
        .onClose(openCount::decrementAndGet);
  }

  @Override
  public String location() {
    return store.location();
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
