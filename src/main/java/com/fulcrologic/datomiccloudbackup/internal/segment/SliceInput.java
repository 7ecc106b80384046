package com.fulcrologic.datomiccloudbackup.internal.segment;

import java.io.InputStream;

/** Part of an array as a stream; like ByteArrayInputStream, without a lock, and used again. */
final class SliceInput extends InputStream {
  private byte[] bytes = new byte[0];
  private int position;
  private int end;

  void reset(byte[] source, int offset, int size) {
    bytes = source;
    position = offset;
    end = offset + size;
  }

  @Override
  public int read() {
    return position == end ? -1 : bytes[position++] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int count) {
    if (count == 0) {
      return 0;
    }
    if (position == end) {
      return -1;
    }
    int taken = Math.min(count, end - position);
    System.arraycopy(bytes, position, target, offset, taken);
    position += taken;
    return taken;
  }

  @Override
  public int available() {
    return end - position;
  }
}
