package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Datoms in memory until there are enough for a run: then they are sorted, and of each entity,
 * attribute and value, the last word is written. Reused from run to run. Mutable, one thread.
 */
final class SortBuffer {
  private static final int COUNT_FIRST = 1 << 10;
  private static final int COUNT_INSERTION_MAX = 32;
  private static final int RADIX_BITS = 8;
  private static final int RADIX = 1 << RADIX_BITS;

  private final Bytes entries = new Bytes();
  private final Bytes scratch = new Bytes();
  private ByteBuffer left = ByteBuffer.allocate(0); // of the entries
  private ByteBuffer right = left.duplicate();
  private long[] entities = new long[COUNT_FIRST]; // by State#order
  private long[] attributes = new long[COUNT_FIRST];
  private int[] offsets = new int[COUNT_FIRST];
  private int count;

  int count() {
    return count;
  }

  int size() {
    return entries.size();
  }

  void add(Datom datom) {
    if (count == entities.length) {
      entities = Arrays.copyOf(entities, count * 2);
      attributes = Arrays.copyOf(attributes, count * 2);
      offsets = Arrays.copyOf(offsets, count * 2);
    }
    entities[count] = State.order(datom.e());
    attributes[count] = datom.a();
    offsets[count] = entries.size();
    count++;
    Entry.put(datom, scratch, entries);
  }

  /** Writes the sorted run, and empties the buffer. */
  void drainTo(RunWriter run) {
    left = ByteBuffer.wrap(entries.array());
    right = left.duplicate();
    int[] order = byEntityAndAttribute();
    for (int from = 0, to; from < count; from = to) {
      to = from + 1;
      while (to < count && isSame(order[from], order[to])) {
        to++;
      }
      int end = withoutRepeats(order, from, to);
      byValue(order, from, end);
      for (int i = from; i < end; i++) {
        if (i + 1 == end || compareValues(order[i], order[i + 1]) != 0) {
          write(order[i], run);
        }
      }
    }
    count = 0;
    entries.clear();
  }

  private boolean isSame(int one, int other) {
    return entities[one] == entities[other] && attributes[one] == attributes[other];
  }

  private void write(int index, RunWriter run) {
    left.position(offsets[index]);
    Entry.skip(left);
    run.write(
        entities[index],
        attributes[index],
        entries.array(),
        offsets[index],
        left.position() - offsets[index]);
  }

  /** A radix sort, which keeps the order of equal ones. */
  private int[] byEntityAndAttribute() {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    int[] spare = new int[count];
    for (long[] keys : new long[][] {attributes, entities}) {
      for (int shift = 0; shift < Long.SIZE; shift += RADIX_BITS) {
        if (distribute(keys, shift, order, spare)) {
          int[] sorted = spare;
          spare = order;
          order = sorted;
        }
      }
    }
    return order;
  }

  /** Sorts by one byte of the keys; false when it is the same in all. */
  private boolean distribute(long[] keys, int shift, int[] from, int[] to) {
    int[] ends = new int[RADIX + 1];
    for (int i = 0; i < count; i++) {
      ends[digit(keys[i], shift) + 1]++;
    }
    if (ends[digit(keys[0], shift) + 1] == count) {
      return false;
    }
    for (int digit = 0; digit < RADIX; digit++) {
      ends[digit + 1] += ends[digit];
    }
    for (int i = 0; i < count; i++) {
      to[ends[digit(keys[from[i]], shift)]++] = from[i];
    }
    return true;
  }

  private static int digit(long key, int shift) {
    return (int) (key >>> shift) & (RADIX - 1);
  }

  /**
   * Drops what the next one overrides, as a retraction does with the assertion before it, which
   * leaves less to sort; returns the end of what is left.
   */
  private int withoutRepeats(int[] order, int from, int to) {
    int end = from + 1;
    for (int i = from + 1; i < to; i++) {
      if (compareValues(order[end - 1], order[i]) == 0) {
        end--;
      }
      order[end++] = order[i];
    }
    return end;
  }

  private void byValue(int[] order, int from, int to) {
    if (to - from > COUNT_INSERTION_MAX) {
      Integer[] boxed = new Integer[to - from];
      Arrays.setAll(boxed, i -> order[from + i]);
      Arrays.sort(boxed, (Comparator<Integer>) this::compareValues);
      for (int i = from; i < to; i++) {
        order[i] = boxed[i - from];
      }
      return;
    }
    for (int i = from + 1; i < to; i++) {
      int moving = order[i];
      int place = i;
      while (place > from && compareValues(order[place - 1], moving) > 0) {
        order[place] = order[place - 1];
        place--;
      }
      order[place] = moving;
    }
  }

  private int compareValues(int one, int other) {
    left.position(offsets[one]);
    right.position(offsets[other]);
    int leftSize = Entry.normalSize(left);
    int rightSize = Entry.normalSize(right);
    return Arrays.compareUnsigned(
        entries.array(),
        left.position(),
        left.position() + leftSize,
        entries.array(),
        right.position(),
        right.position() + rightSize);
  }
}
