package com.fulcrologic.datomiccloudbackup.store.s3;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * What is sent to S3, with the sums by which the server knows that it got the same: the SHA-256,
 * which it keeps, and the MD5, which servers know that do not know the other, and Object Lock asks
 * for.
 */
record Content(byte[] bytes, String md5, String sha256) {
  static final String SHA256_HEADER = "x-amz-checksum-sha256";

  static Content of(byte[] bytes) {
    return new Content(bytes, sum("MD5", bytes), sum("SHA-256", bytes));
  }

  private static String sum(String algorithm, byte[] bytes) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }
}
