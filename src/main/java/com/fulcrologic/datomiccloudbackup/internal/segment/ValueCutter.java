package com.fulcrologic.datomiccloudbackup.internal.segment;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a stream of MessagePack values into single ones, and trusts none of the lengths in them:
 * memory grows with the bytes that really arrive. A value that is nested too deep, too large or no
 * transit is refused before a decoder sees it. Mutable, one thread.
 */
final class ValueCutter {
  private static final int BUFFER_SIZE = 1 << 16;

  private final InputStream in;
  private final int valueSizeMax;
  private byte[] buffer;
  private int start;
  private int position;
  private int end;
  private final long[] remaining = new long[Limits.NESTING_MAX + 1];
  private int depth;

  ValueCutter(InputStream in, int valueSizeMax) {
    this.in = in;
    this.valueSizeMax = valueSizeMax;
    this.buffer = new byte[BUFFER_SIZE];
  }

  private ValueCutter(byte[] bytes, int size) {
    this.in = InputStream.nullInputStream();
    this.valueSizeMax = size;
    this.buffer = bytes;
    this.end = size;
  }

  /** Whether these bytes are exactly one value that a reader will accept. */
  static void check(byte[] bytes, int size) throws IOException {
    ValueCutter cutter = new ValueCutter(bytes, size);
    if (!cutter.next() || cutter.position != size) {
      throw new MalformedValueException("not exactly one value");
    }
  }

  /** Moves on to the next value, in {@link #bytes()} until the next call; false at the end. */
  boolean next() throws IOException {
    start = position;
    if (end == start && !fill()) {
      return false;
    }
    int count = 0;
    depth = 0;
    remaining[0] = 1;
    while (depth >= 0) {
      if (remaining[depth] == 0) {
        depth--;
        continue;
      }
      remaining[depth]--;
      if (++count > Limits.VALUE_COUNT_MAX) {
        throw new MalformedValueException("too many values in one");
      }
      walk(take() & 0xff);
    }
    return true;
  }

  byte[] bytes() {
    return buffer;
  }

  int offset() {
    return start;
  }

  int size() {
    return position - start;
  }

  /** Walks past one value, or into one that holds others [MessagePack specification]. */
  private void walk(int head) throws IOException {
    if (head < 0x80 || head >= 0xe0) {
      return; // a small integer
    }
    if (head < 0x90) {
      enter(2L * (head & 0x0f));
    } else if (head < 0xa0) {
      enter(head & 0x0f);
    } else if (head < 0xc0) {
      skip(head & 0x1f);
    } else {
      walkLarge(head);
    }
  }

  private void walkLarge(int head) throws IOException {
    switch (head) {
      case 0xc0, 0xc2, 0xc3 -> {} // nil, false, true
      case 0xcc, 0xd0 -> skip(1);
      case 0xcd, 0xd1 -> skip(2);
      case 0xca, 0xce, 0xd2 -> skip(4);
      case 0xcb, 0xcf, 0xd3 -> skip(8);
      case 0xc4, 0xd9 -> skip(number(1));
      case 0xc5, 0xda -> skip(number(2));
      case 0xc6, 0xdb -> skip(number(4));
      case 0xdc -> enter(number(2));
      case 0xdd -> enter(number(4));
      case 0xde -> enter(2 * number(2));
      case 0xdf -> enter(2 * number(4));
      default -> throw new MalformedValueException("a byte that begins no transit value");
    }
  }

  private void enter(long count) throws MalformedValueException {
    if (count > Limits.ELEMENT_COUNT_MAX) {
      throw new MalformedValueException("an array or a map of too many elements");
    }
    if (++depth > Limits.NESTING_MAX) {
      throw new MalformedValueException("values nested too deep");
    }
    remaining[depth] = count;
  }

  private void skip(long size) throws IOException {
    if (size > Limits.STRING_SIZE_MAX) {
      throw new MalformedValueException("a string too long");
    }
    require((int) size);
    position += (int) size;
  }

  private long number(int size) throws IOException {
    require(size);
    long number = 0;
    for (int i = 0; i < size; i++) {
      number = number << 8 | (buffer[position++] & 0xff);
    }
    return number;
  }

  private byte take() throws IOException {
    if (position == end) {
      require(1);
    }
    return buffer[position++];
  }

  private void require(int size) throws IOException {
    if (position - start + size > valueSizeMax) {
      throw new MalformedValueException("a value too large");
    }
    while (end - position < size) {
      if (!fill()) {
        throw new MalformedValueException("the bytes end within a value");
      }
    }
  }

  /** Reads on, after making room: first by dropping what was passed, then by doubling. */
  private boolean fill() throws IOException {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      position -= start;
      start = 0;
    }
    if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, (int) Math.min(2L * buffer.length, Integer.MAX_VALUE - 8));
    }
    int count = in.read(buffer, end, buffer.length - end);
    if (count <= 0) {
      return false;
    }
    end += count;
    return true;
  }
}
