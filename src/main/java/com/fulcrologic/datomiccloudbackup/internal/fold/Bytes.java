package com.fulcrologic.datomiccloudbackup.internal.fold;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A growing array of bytes, with numbers of variable length, which are read from a buffer. Mutable,
 * one thread.
 */
final class Bytes {
  /** The bytes of a number of variable length at most. */
  static final int NUMBER_SIZE_MAX = 10;

  private static final int CAPACITY_FIRST = 1 << 8;
  private static final int SEVEN_BITS = 0x7f;

  private byte[] array = new byte[CAPACITY_FIRST];
  private int size;

  byte[] array() {
    return array;
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  void put(int oneByte) {
    ensure(1);
    array[size++] = (byte) oneByte;
  }

  void put(byte[] source, int offset, int count) {
    ensure(count);
    System.arraycopy(source, offset, array, size, count);
    size += count;
  }

  void putLong(long value) {
    ensure(Long.BYTES);
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      array[size++] = (byte) (value >>> shift);
    }
  }

  /** One byte for a number up to 127, ten for the largest ones, taken as unsigned. */
  void putUnsigned(long value) {
    ensure(NUMBER_SIZE_MAX);
    long rest = value;
    while ((rest & ~SEVEN_BITS) != 0) {
      array[size++] = (byte) (rest | ~SEVEN_BITS);
      rest >>>= 7;
    }
    array[size++] = (byte) rest;
  }

  /** As {@link #putUnsigned}, short for numbers near zero on both sides. */
  void putSigned(long value) {
    putUnsigned((value << 1) ^ (value >> (Long.SIZE - 1)));
  }

  static long getUnsigned(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (long) (next & SEVEN_BITS) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  static long getSigned(ByteBuffer in) {
    long value = getUnsigned(in);
    return (value >>> 1) ^ -(value & 1);
  }

  private void ensure(int count) {
    if (count > array.length - size) {
      array = Arrays.copyOf(array, Math.max(Math.addExact(size, count), array.length * 2));
    }
  }
}
