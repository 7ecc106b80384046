package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The three requests of S3 that a store needs, on the objects of one bucket, by their whole key.
 * Each is sent once, beside what the SDK's client repeats by itself. Thread-safe.
 */
interface ObjectApi {
  /**
   * PutObject, on the condition that there is no such key. Durable when it returns.
   *
   * @throws ObjectFault of status 412 when there is one
   */
  void putIfAbsent(String key, Content content) throws ObjectFault;

  /**
   * GetObject, of the first bytes.
   *
   * @param sizeMax at least 1
   * @return that many bytes, or all of them when the object is shorter
   */
  byte[] get(String key, int sizeMax) throws ObjectFault;

  /**
   * ListObjectsV2, one page.
   *
   * @param startAfter empty for the first page
   * @param token what the page before told to go on with, or null
   */
  Page list(String prefix, String startAfter, @Nullable String token, int countMax)
      throws ObjectFault;

  /**
   * Some objects of a listing, by their whole key, as the server ordered them.
   *
   * @param isLast whether the server says that there are no more
   * @param token what it says to go on with; null when it says nothing
   */
  record Page(List<StoredObject> objects, boolean isLast, @Nullable String token) {}
}
