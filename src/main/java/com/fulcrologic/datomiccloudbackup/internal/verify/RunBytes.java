package com.fulcrologic.datomiccloudbackup.internal.verify;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.Arrays;

/**
 * Runs in ascending order of key, as bytes. Each run is encoded relative to the run before it: the
 * distance from its end, the length, and the partition of the value. If it has changed, the
 * difference between the indexes (the low 42 bits) of value and key follows. Each number takes 1 to
 * 10 bytes; smaller numbers take fewer. Mutable; one thread.
 */
final class RunBytes {
  private static final long INDEX_MASK = (1L << Transaction.INDEX_BITS) - 1;
  private static final int RUN_SIZE_MAX = 40;
  private static final int GROWTH_MAX = 1_024;
  private static final byte[] NOTHING = {};

  private byte[] bytes = NOTHING;
  private int size;
  private int count;
  private long end;
  private long indexDifference;

  int count() {
    return count;
  }

  /** The allocated bytes, including unused ones. */
  int capacity() {
    return bytes.length;
  }

  /** Appends a run; its key must not be below the end of the last run. */
  void append(Run run) {
    if (bytes.length - size < RUN_SIZE_MAX) {
      bytes = Arrays.copyOf(bytes, size + RUN_SIZE_MAX + Math.min(size, GROWTH_MAX));
    }
    long difference = (run.value() & INDEX_MASK) - (run.key() & INDEX_MASK);
    boolean isChanged = difference != indexDifference;
    writeNumber(run.key() - end);
    writeNumber((run.length() - 1) << 1 | (isChanged ? 1 : 0));
    writeNumber(run.value() >>> Transaction.INDEX_BITS);
    if (isChanged) {
      long change = difference - indexDifference;
      writeNumber(change << 1 ^ change >> (Long.SIZE - 1));
    }
    indexDifference = difference;
    end = run.end();
    count++;
  }

  /** Frees the unused bytes. */
  void trim() {
    bytes = Arrays.copyOf(bytes, size);
  }

  /** The value of the key; {@link IdRuns#NONE} when no run contains it. */
  long get(long key) {
    Reader reader = new Reader();
    while (reader.next() && reader.key <= key) {
      if (Long.compareUnsigned(key - reader.key, reader.length) < 0) {
        return reader.value + (key - reader.key);
      }
    }
    return IdRuns.NONE;
  }

  /** All runs, in order. */
  Run[] runs() {
    Run[] runs = new Run[count];
    Reader reader = new Reader();
    for (int i = 0; reader.next(); i++) {
      runs[i] = new Run(reader.key, reader.length, reader.value);
    }
    return runs;
  }

  private void writeNumber(long number) {
    long rest = number;
    while (rest >>> 7 != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  private final class Reader {
    private int place;
    private long difference;
    private long key;
    private long length;
    private long value;

    boolean next() {
      if (place == size) {
        return false;
      }
      key = key + length + readNumber();
      long lengthAndChange = readNumber();
      length = (lengthAndChange >>> 1) + 1;
      long partition = readNumber();
      if ((lengthAndChange & 1) != 0) {
        long change = readNumber();
        difference += change >>> 1 ^ -(change & 1);
      }
      value = partition << Transaction.INDEX_BITS | ((key & INDEX_MASK) + difference);
      return true;
    }

    private long readNumber() {
      long number = 0;
      for (int shift = 0; ; shift += 7) {
        byte each = bytes[place++];
        number |= (long) (each & 0x7F) << shift;
        if (each >= 0) {
          return number;
        }
      }
    }
  }
}
