package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The three requests of S3 that a store needs, on the objects of one bucket, by their whole key.
 * Each request is sent once, apart from the retries of the SDK's client. Thread-safe.
 */
interface ObjectApi {
  /**
   * PutObject, on the condition that there is no such key. The object is durable on return.
   *
   * @throws ObjectFault of status 412 when the key exists
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
   * @param token the continuation token of the previous page, or null
   */
  Page list(String prefix, String startAfter, @Nullable String token, int countMax)
      throws ObjectFault;

  /**
   * Some objects of a listing, by their whole key, in the server's order.
   *
   * @param isLast whether the server reports that there are no more
   * @param token the server's continuation token; null when it gives none
   */
  record Page(List<StoredObject> objects, boolean isLast, @Nullable String token) {}

  /**
   * The content of an object, with the checksums by which the server verifies what it received. The
   * server keeps the SHA-256. Servers that do not support SHA-256 use the MD5, which Object Lock
   * also requires.
   *
   * @param md5 in Base64, like {@code sha256}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
  record Content(byte[] bytes, String md5, String sha256) {
    static final String SHA256_HEADER = "x-amz-checksum-sha256";

    static Content of(byte[] bytes) {
      return new Content(bytes, sum("MD5", bytes), sum("SHA-256", bytes));
    }

    private static String sum(String algorithm, byte[] bytes) {
      try {
        return Base64.getEncoder()
            .encodeToString(MessageDigest.getInstance(algorithm).digest(bytes));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has " + algorithm, e);
      }
    }
  }
}
