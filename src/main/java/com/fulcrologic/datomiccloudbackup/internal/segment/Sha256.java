package com.fulcrologic.datomiccloudbackup.internal.segment;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, which every Java has. */
final class Sha256 {
  static final int SIZE = 32;

  private Sha256() {}

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static byte[] of(byte[] bytes, int offset, int size) {
    MessageDigest digest = digest();
    digest.update(bytes, offset, size);
    return digest.digest();
  }
}
