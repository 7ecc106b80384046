package com.fulcrologic.datomiccloudbackup.internal.tools;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which every Java has. */
public final class Sha256 {
  public static final int SIZE = 32;

  private Sha256() {}

  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  public static byte[] of(byte[] bytes, int offset, int size) {
    MessageDigest digest = digest();
    digest.update(bytes, offset, size);
    return digest.digest();
  }

  /** The digest of an array, in hex. */
  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(of(bytes, 0, bytes.length));
  }
}
