package com.fulcrologic.datomiccloudbackup.internal.tools;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA-256 under a secret key, which every Java has. Thread-safe. */
public final class KeyedHash {
  private static final String ALGORITHM = "HmacSHA256";

  private final Mac mac; // guarded by itself

  public KeyedHash(byte[] key) {
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * The hash of a content.
   *
   * @param use separates the contents of one use from those of all others
   * @return 32 bytes
   */
  public byte[] of(String use, byte[] content) {
    synchronized (mac) {
      mac.update(use.getBytes(StandardCharsets.US_ASCII));
      mac.update((byte) 0);
      return mac.doFinal(content);
    }
  }

  /** The hash of a text, of whatever characters, unpaired surrogates included. */
  public byte[] of(String use, String text) {
    ByteBuffer characters = ByteBuffer.allocate(text.length() * Character.BYTES);
    characters.asCharBuffer().put(text);
    return of(use, characters.array());
  }
}
