package com.fulcrologic.datomiccloudbackup.internal.fold;

/** Reads what {@link Bytes} has written. Mutable, one thread. */
final class ByteCursor {
  private static final int SEVEN_BITS = 0x7f;

  private byte[] array;
  private int position;

  ByteCursor(byte[] array, int position) {
    this.array = array;
    this.position = position;
  }

  /** Moves to another place. */
  void moveTo(byte[] newArray, int newPosition) {
    array = newArray;
    position = newPosition;
  }

  byte[] array() {
    return array;
  }

  int position() {
    return position;
  }

  byte get() {
    return array[position++];
  }

  /** Skips bytes, and returns the position of the first. */
  int skip(int count) {
    int first = position;
    position += count;
    return first;
  }

  long getLong() {
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = (value << Byte.SIZE) | (array[position++] & 0xff);
    }
    return value;
  }

  long getUnsigned() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = array[position++];
      value |= (long) (next & SEVEN_BITS) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  int getSize() {
    return (int) getUnsigned();
  }

  long getSigned() {
    long value = getUnsigned();
    return (value >>> 1) ^ -(value & 1);
  }
}
