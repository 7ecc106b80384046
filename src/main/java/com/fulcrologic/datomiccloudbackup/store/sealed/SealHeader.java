package com.fulcrologic.datomiccloudbackup.store.sealed;

import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * The clear start of a sealed object, see docs/format.adoc: 8 bytes that no other object begins
 * with, the version of the format, the id of the key, and a CRC-32 of these 16 bytes. By the
 * checksum, a damaged key id differs from the id of a missing key. The encryption authenticates the
 * header.
 *
 * @param keyId the id of the key, unsigned
 */
record SealHeader(int keyId) {
  /** The bytes of a header. */
  static final int SIZE = 20;

  private static final byte[] MAGIC = {(byte) 0x89, 'D', 'C', 'S', 'E', 'A', 'L', '\n'};
  private static final int FORMAT_VERSION = 1;
  private static final int CHECKED_SIZE = SIZE - Integer.BYTES;

  /** Whether an object that begins with these bytes is sealed. */
  static boolean starts(byte[] bytes) {
    return bytes.length >= MAGIC.length
        && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /**
   * The header of a sealed object.
   *
   * @param bytes the object's first bytes, at least {@link #SIZE} where it has them
   * @param what the object, for messages
   * @throws CorruptSegmentException when the bytes are cut, changed, or not those of a header
   * @throws UnsupportedFormatException when a later version wrote them
   */
  static SealHeader parse(byte[] bytes, String what) {
    if (!starts(bytes)
        || bytes.length < SIZE
        || ByteBuffer.wrap(bytes).getInt(CHECKED_SIZE) != checksum(bytes)) {
      throw new CorruptSegmentException(
          "Failed to open " + what + ": its seal is damaged.",
          "Recover the object from a copy of the store.");
    }
    ByteBuffer header = ByteBuffer.wrap(bytes).position(MAGIC.length);
    int version = header.getInt();
    if (version != FORMAT_VERSION) {
      throw new UnsupportedFormatException(
          "Failed to open " + what + ": it is sealed in version " + version + ".",
          "Use a version of this library that opens seals of version " + version + ".");
    }
    return new SealHeader(header.getInt());
  }

  /** The header as it is stored: {@link #SIZE} bytes. */
  byte[] bytes() {
    byte[] bytes = new byte[SIZE];
    ByteBuffer header = ByteBuffer.wrap(bytes).put(MAGIC).putInt(FORMAT_VERSION).putInt(keyId);
    header.putInt(checksum(bytes));
    return bytes;
  }

  /** The key's id as Tink prints it. */
  String keyIdText() {
    return Integer.toUnsignedString(keyId);
  }

  private static int checksum(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, CHECKED_SIZE);
    return (int) crc.getValue();
  }
}
