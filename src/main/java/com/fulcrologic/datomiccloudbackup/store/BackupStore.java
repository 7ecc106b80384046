package com.fulcrologic.datomiccloudbackup.store;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keeps immutable objects, as bytes, under keys. No method overwrites or deletes an object.
 *
 * <p><b>Keys</b> are 1 to 512 characters of {@code a-z 0-9 - _ /}, in elements of 1 to 255
 * characters separated by single slashes. No key starts or ends with a slash. No key is another key
 * followed by a slash and more. So a key is a relative path on any file system, case-sensitive or
 * not, and needs no escape in a URL. Prefixes are the beginnings of keys, the empty one included.
 * Each method refuses any other text with {@link IllegalArgumentException} before it does anything:
 * {@link #requireKey} and {@link #requirePrefix} do that.
 *
 * <p>Implementations are thread-safe, and several of them, also in different processes, may use one
 * store at the same time. Every implementation passes {@code BackupStoreContract}, which is in the
 * test-jar. Methods also throw, beside the documented exceptions:
 *
 * <ul>
 *   <li>{@link com.fulcrologic.datomiccloudbackup.exceptions.StoreAccessDeniedException} when
 *       access is refused;
 *   <li>{@link com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException} when
 *       the store cannot be at its location;
 *   <li>{@link com.fulcrologic.datomiccloudbackup.exceptions.StoreException} for every other fault.
 * </ul>
 *
 * <p>A store reports an object as absent only when that is certain. A store retries transient
 * faults itself, within its own limit; callers do not.
 */
public interface BackupStore {

  /**
   * Publishes an object, unless there is one with that key. Atomic: a reader, also after a crash,
   * finds all of the object or nothing. When this returns, with either result, the object is
   * durable. After an exception the object may or may not exist; a retry with the same content is
   * safe.
   *
   * @param content must not change during the call. This library writes no empty content, and a
   *     store may refuse it with a {@link
   *     com.fulcrologic.datomiccloudbackup.exceptions.StoreException}
   * @return true when this call published the object; false when an object with that key, of any
   *     content, existed already and was left unchanged. May also be false when this call stored
   *     the content and the reply was lost: compare it by {@link #read}
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
   * ascending {@linkplain #keyOrder order of key}. The store fetches them as the stream is
   * consumed, in bounded pages if it has pages, so that taking the first few costs O(1). An object
   * created meanwhile may or may not be in the stream. A fault throws from the stream: the stream
   * is never short. Foreign objects are in the stream too, with any key.
   *
   * @param prefix the beginning of the keys; empty for all
   * @param startAfter empty for all; any text, also a foreign key of an earlier listing
   * @return the caller closes it; for one thread
   */
  Stream<StoredObject> list(String prefix, String startAfter);

  /** The store's location, for messages, as in {@code file:/backups}; never with credentials. */
  String location();

  /**
   * Tests the operations that a backup and a restore need, and leaves no object that a listing
   * shows.
   *
   * @return the abilities of this store, and its limits, one sentence each; not empty
   * @throws com.fulcrologic.datomiccloudbackup.BackupException when the store cannot be used
   */
  default List<String> tryOut() {
    try (Stream<StoredObject> objects = list("", "")) {
      return List.of(objects.findAny().isPresent() ? "it holds objects" : "it is empty");
    }
  }

  /**
   * The key itself.
   *
   * @throws IllegalArgumentException when the text is not a key as described above
   */
  static String requireKey(String key) {
    return Keys.requireKey(key);
  }

  /** The order of a listing: by the bytes of UTF-8, as S3 sorts; this includes foreign keys. */
  static Comparator<String> keyOrder() {
    return Keys::compare;
  }

  /**
   * The text itself.
   *
   * @throws IllegalArgumentException when no key can begin with it
   */
  static String requirePrefix(String prefix) {
    return Keys.requirePrefix(prefix);
  }
}
