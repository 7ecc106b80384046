package com.fulcrologic.datomiccloudbackup.store.sealed;

import com.fulcrologic.datomiccloudbackup.exceptions.SealingKeyException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A store in which a read of a sealed object is refused. A sealed store opens its objects before
 * they come here, so this finds the ones that were read without keys.
 */
record SealGuard(BackupStore store) implements BackupStore {

  @Override
  public boolean create(String key, byte[] content) {
    return store.create(key, content);
  }

  /**
   * {@inheritDoc}
   *
   * @throws SealingKeyException when the object is sealed
   */
  @Override
  public Optional<byte[]> read(String key, int sizeMax) {
    Optional<byte[]> start =
        store.read(key, sizeMax < 0 ? sizeMax : Math.max(sizeMax, SealHeader.SIZE));
    if (start.isPresent() && SealHeader.starts(start.get())) {
      String what = key + " of " + location();
      SealHeader header = SealHeader.parse(start.get(), what);
      throw new SealingKeyException(
          "Failed to open " + what + ": it is sealed under key " + header.keyIdText() + ".",
          "Give the keyset file that has this key.");
    }
    return start.map(bytes -> bytes.length <= sizeMax ? bytes : Arrays.copyOf(bytes, sizeMax));
  }

  @Override
  public Stream<StoredObject> list(String prefix, String startAfter) {
    return store.list(prefix, startAfter);
  }

  @Override
  public String location() {
    return store.location();
  }

  @Override
  public List<String> tryOut() {
    return store.tryOut();
  }
}
