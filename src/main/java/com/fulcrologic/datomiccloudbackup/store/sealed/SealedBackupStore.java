package com.fulcrologic.datomiccloudbackup.store.sealed;

import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.SealingKeyException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A store that seals each object before another store keeps it: encrypted, and bound to its key in
 * the store, so that no object passes for another. It never writes or uses an object that is not
 * sealed. The names and the sizes of objects stay in the clear.
 *
 * <p>A read opens the first bytes without the rest, and each byte that it returns is authentic. A
 * read up to the end also finds that the object was not cut. A listing has the sizes of contents.
 * An object whose size no sealed object has is listed with its stored size.
 *
 * <p>A call takes one copy of the object beside what it is given or returns, and some kilobytes.
 * Immutable, thread-safe. Methods also throw, beside the exceptions of {@link BackupStore}:
 *
 * <ul>
 *   <li>{@link SealingKeyException} when an object is sealed under a key that these keys lack;
 *   <li>{@link CorruptSegmentException} when an object is not sealed, or is not what was sealed
 *       under that key and that name;
 *   <li>{@link UnsupportedFormatException} when a later version sealed it.
 * </ul>
 */
public final class SealedBackupStore implements BackupStore {
  private static final String LABEL = "datomic-cloud-backup sealed object\n";

  private final BackupStore store;
  private final SealingKeys keys;

  private SealedBackupStore(BackupStore store, SealingKeys keys) {
    this.store = store;
    this.keys = keys;
  }

  /** The store with these keys; nothing is read or written yet. */
  public static SealedBackupStore over(BackupStore store, SealingKeys keys) {
    return new SealedBackupStore(
        Objects.requireNonNull(store, "store"), Objects.requireNonNull(keys, "keys"));
  }

  /**
   * The store for a user without keys: to read a sealed object there throws {@link
   * SealingKeyException}, which names the key. Everything else is as in that store.
   */
  public static BackupStore withoutKeys(BackupStore store) {
    return new SealGuard(Objects.requireNonNull(store, "store"));
  }

  /**
   * {@inheritDoc}
   *
   * @param content less than 2 GiB once sealed, which adds 0.4 %
   */
  @Override
  public boolean create(String key, byte[] content) {
    BackupStore.requireKey(key);
    if (SealedSize.ofContent(content.length) > Integer.MAX_VALUE) {
      throw new StoreException(
          "Failed to seal " + what(key) + ": it is too large.", "Write smaller objects.");
    }
    SealHeader header = new SealHeader(keys.primaryId());
    return store.create(key, keys.seal(header, content, associatedData(header, key)));
  }

  @Override
  public Optional<byte[]> read(String key, int sizeMax) {
    BackupStore.requireKey(key);
    if (sizeMax < 0) {
      throw new IllegalArgumentException("sizeMax must not be negative");
    }
    int requestSize = (int) Math.min(Integer.MAX_VALUE, SealedSize.toOpen(sizeMax));
    return store
        .read(key, requestSize)
        .map(object -> open(key, object, sizeMax, object.length < requestSize));
  }

  private byte[] open(String key, byte[] object, int sizeMax, boolean isWhole) {
    if (!SealHeader.starts(object)) {
      throw new CorruptSegmentException(
          "Failed to open " + what(key) + ": it is not sealed.",
          "Was the backup ever sealed? If not, give no keys; else recover the object from a copy.");
    }
    SealHeader header = SealHeader.parse(object, what(key));
    byte[] associatedData = associatedData(header, key);
    if (!isWhole) {
      return keys.open(header, object, associatedData, sizeMax, false, what(key));
    }
    long size = SealedSize.content(object.length);
    if (size < 0) {
      throw SealingKeys.notAuthentic(what(key), null);
    }
    byte[] content = keys.open(header, object, associatedData, (int) size, true, what(key));
    return size <= sizeMax ? content : Arrays.copyOf(content, sizeMax);
  }

  /** All that an object is bound to. */
  private static byte[] associatedData(SealHeader header, String key) {
    byte[] name = (LABEL + key).getBytes(StandardCharsets.UTF_8);
    byte[] data = Arrays.copyOf(header.bytes(), SealHeader.SIZE + name.length);
    System.arraycopy(name, 0, data, SealHeader.SIZE, name.length);
    return data;
  }

  @Override
  public Stream<StoredObject> list(String prefix, String startAfter) {
    return store.list(prefix, startAfter).map(SealedBackupStore::opened);
  }

  private static StoredObject opened(StoredObject object) {
    long size = SealedSize.content(object.size());
    return size < 0 ? object : new StoredObject(object.key(), size);
  }

  @Override
  public String location() {
    return store.location();
  }

  @Override
  public List<String> tryOut() {
    List<String> found = new ArrayList<>(store.tryOut());
    found.add("objects are sealed under key " + new SealHeader(keys.primaryId()).keyIdText());
    return found;
  }

  private String what(String key) {
    return key + " of " + location();
  }

  /**
   * A store in which a read of a sealed object is refused. A sealed store opens its objects before
   * they come here, so this finds the ones that were read without keys.
   */
  private record SealGuard(BackupStore store) implements BackupStore {

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
}
