package com.fulcrologic.datomiccloudbackup.store.s3;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The content of an object, with the checksums by which the server verifies what it received. The
 * server keeps the SHA-256. Servers that do not support SHA-256 use the MD5, which Object Lock also
 * requires.
 */
final class Content {
  static final String SHA256_HEADER = "x-amz-checksum-sha256";

  private final byte[] bytes;
  private final String md5;
  private final String sha256;

  /**
   * @param md5 in Base64, like {@code sha256}
   */
  Content(byte[] bytes, String md5, String sha256) {
    this.bytes = bytes;
    this.md5 = md5;
    this.sha256 = sha256;
  }

  static Content of(byte[] bytes) {
    return new Content(bytes, sum("MD5", bytes), sum("SHA-256", bytes));
  }

  byte[] bytes() {
    return bytes;
  }

  String md5() {
    return md5;
  }

  String sha256() {
    return sha256;
  }

  private static String sum(String algorithm, byte[] bytes) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }
}
