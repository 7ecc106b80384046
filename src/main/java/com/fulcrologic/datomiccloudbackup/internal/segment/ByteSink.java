package com.fulcrologic.datomiccloudbackup.internal.segment;

import java.io.OutputStream;
import java.util.Arrays;

/** Bytes in memory, up to a limit; a ByteArrayOutputStream without a lock and without copies. */
final class ByteSink extends OutputStream {
  private final int sizeMax;
  private byte[] bytes = new byte[1 << 12];
  private int size;

  ByteSink(int sizeMax) {
    this.sizeMax = sizeMax;
  }

  @Override
  public void write(int b) throws MalformedValueException {
    if (size == bytes.length) {
      grow(1);
    }
    bytes[size++] = (byte) b;
  }

  @Override
  public void write(byte[] source, int offset, int count) throws MalformedValueException {
    if (count > bytes.length - size) {
      grow(count);
    }
    System.arraycopy(source, offset, bytes, size, count);
    size += count;
  }

  private void grow(int count) throws MalformedValueException {
    long needed = (long) size + count;
    if (needed > sizeMax) {
      throw new MalformedValueException("more than " + sizeMax + " bytes");
    }
    bytes = Arrays.copyOf(bytes, (int) Math.min(sizeMax, Math.max(needed, 2L * bytes.length)));
  }

  void clear() {
    size = 0;
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }
}
