package com.fulcrologic.datomiccloudbackup.internal.tools;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, which every Java has. */
public final class Sha256 {
  /** Bytes of a digest. */
  public static final int SIZE = 32;

  private Sha256() {}

  /** A new digest. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The digest of a part of an array. */
  public static byte[] of(byte[] bytes, int offset, int size) {
    MessageDigest digest = digest();
    digest.update(bytes, offset, size);
    return digest.digest();
  }
}
