package com.fulcrologic.datomiccloudbackup.store;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keeps immutable objects, as bytes, under keys. There is no way to overwrite or delete one.
 *
 * <p><b>Keys</b> are 1 to 512 characters of {@code a-z 0-9 - _ /}, in elements of 1 to 255
 * characters parted by single slashes, with no slash at either end; no key is another one followed
 * by a slash and more. So a key is a relative path on any file system, whatever it thinks of case,
 * and needs no escape in a URL. Prefixes are the beginnings of keys, the empty one included. Each
 * method refuses anything else with {@link IllegalArgumentException} before it does anything:
 * {@link #requireKey} and {@link #requirePrefix} do that.
 *
 * <p>Implementations are thread-safe, and several of them, also in different processes, may use one
 * store at the same time. Every implementation passes {@code BackupStoreContract}, which is in the
 * test-jar. Beside what is documented, methods throw {@link
 * com.fulcrologic.datomiccloudbackup.StoreAccessDeniedException} when access is refused, {@link
 * com.fulcrologic.datomiccloudbackup.InvalidConfigurationException} when the store cannot be where
 * it is said to be, and {@link com.fulcrologic.datomiccloudbackup.StoreException} for every other
 * fault; "nothing there" is only ever said when it is known. A store repeats what may fare better a
 * moment later, with a bound of its own: its callers do not.
 */
public interface BackupStore {

  /**
   * Publishes an object, unless there is one with that key. Atomic: a reader, also after a crash,
   * finds all of it or nothing. When this returns, with either result, the object is durable. After
   * an exception it is there or not; to try again with the same content is safe.
   *
   * @param content not changed meanwhile; none that this library writes is empty, and a store may
   *     refuse an empty one with a {@link com.fulcrologic.datomiccloudbackup.StoreException}
   * @return true when this call published it; false when an object with that key, of whatever
   *     content, was there already and was left as it is. Also false, perhaps, when this very
   *     call's content got there and the reply was lost: compare it by {@link #read}
   */
  boolean create(String key, byte[] content);

  /**
   * The first {@code sizeMax} bytes of the object, or all of them when it is shorter; empty when
   * there is no such object.
   *
   * @param sizeMax bytes; not negative
   */
  Optional<byte[]> read(String key, int sizeMax);

  /**
   * The objects whose key starts with {@code prefix} and is greater than {@code startAfter}, in
   * ascending {@linkplain #keyOrder order of key}. Fetched as it is consumed, in bounded pages
   * where the store has pages, so that taking the first few costs O(1). An object created meanwhile
   * may or may not be in it. A fault throws from the stream: it is never short. Objects that others
   * put there are in it too, whatever their key.
   *
   * @param prefix the beginning of the keys; empty for all
   * @param startAfter empty for all; any text, a foreign key of an earlier listing too
   * @return to be closed by the caller; for one thread
   */
  Stream<StoredObject> list(String prefix, String startAfter);

  /** Where it is, for messages, as in {@code file:/backups}; never with credentials. */
  String location();

  /**
   * Tries what a backup and a restore need, without leaving an object that a listing shows.
   *
   * @return what this store gives, and what it does not, one sentence each; not empty
   * @throws com.fulcrologic.datomiccloudbackup.BackupException when it cannot be used
   */
  default List<String> tryOut() {
    try (Stream<StoredObject> objects = list("", "")) {
      return List.of(objects.findAny().isPresent() ? "it holds objects" : "it is empty");
    }
  }

  /**
   * The key itself.
   *
   * @throws IllegalArgumentException when it is not a key as described above
   */
  static String requireKey(String key) {
    return KeyAlphabet.requireKey(key);
  }

  /** The order of a listing: by the bytes of UTF-8, as S3 sorts, foreign keys too. */
  static Comparator<String> keyOrder() {
    return KeyOrder.INSTANCE;
  }

  /**
   * The text itself.
   *
   * @throws IllegalArgumentException when no key can begin with it
   */
  static String requirePrefix(String prefix) {
    return KeyAlphabet.requirePrefix(prefix);
  }
}
