package com.fulcrologic.datomiccloudbackup.internal.restore.ids;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The target ids for source ids whose indexes are neighbours: one byte for each, for the difference
 * between the two ids, and the source's partition. Datomic hands out indexes one after another, and
 * picks one of a few partitions for each transaction, so there are few such kinds. An id that does
 * not fit is refused. Keeps a list while few of its ids are there, and an array of them all
 * otherwise. Mutable; not thread-safe.
 */
final class IdPage {
  /** Bytes that the first few ids take, the place in a hash map included. */
  static final int SIZE_MIN = 264;

  private static final int KIND_COUNT_MAX = 255;
  private static final int COUNT_FIRST = 4;
  private static final int ID_SIZE_IN_LIST = Character.BYTES + 1;
  private static final int KIND_SIZE = 2 * Long.BYTES;

  private final int width;
  private char @Nullable [] indexes = new char[COUNT_FIRST];
  private byte[] kinds = new byte[COUNT_FIRST];
  private int count;
  private long[] partitions = new long[COUNT_FIRST];
  private long[] differences = new long[COUNT_FIRST];
  private int kindCount;
  private int lastKind;

  /**
   * @param width how many neighbours; a power of two, 65 536 at most
   */
  IdPage(int width) {
    this.width = width;
  }

  long get(long source) {
    int kind = kindAt(indexOf(source));
    return kind >= 0 && partitions[kind] == partitionOf(source)
        ? source + differences[kind]
        : LongMap.ABSENT;
  }

  /**
   * Keeps a pair.
   *
   * @return false, with nothing kept, when the index is taken by an id of another partition, or
   *     there are too many differences
   */
  boolean put(long source, long target) {
    int index = indexOf(source);
    int present = kindAt(index);
    if (present >= 0 && partitions[present] != partitionOf(source)) {
      return false;
    }
    int kind = kindOf(partitionOf(source), target - source);
    if (kind < 0) {
      return false;
    }
    set(index, (byte) (kind + 1));
    return true;
  }

  long size() {
    long ids = indexes == null ? width : (long) ID_SIZE_IN_LIST * (kinds.length - COUNT_FIRST);
    return SIZE_MIN + ids + (long) KIND_SIZE * (partitions.length - COUNT_FIRST);
  }

  private int indexOf(long source) {
    return (int) source & width - 1;
  }

  private static long partitionOf(long source) {
    return source >> Transaction.INDEX_BITS;
  }

  /** The kind at an index; negative when nothing is there. */
  private int kindAt(int index) {
    char[] list = indexes;
    if (list == null) {
      return (kinds[index] & 0xFF) - 1;
    }
    int place = Arrays.binarySearch(list, 0, count, (char) index);
    return place < 0 ? -1 : (kinds[place] & 0xFF) - 1;
  }

  /** The kind of a pair; negative when there is no room for another. */
  private int kindOf(long partition, long difference) {
    if (lastKind < kindCount && isKind(lastKind, partition, difference)) {
      return lastKind;
    }
    for (int kind = 0; kind < kindCount; kind++) {
      if (isKind(kind, partition, difference)) {
        lastKind = kind;
        return kind;
      }
    }
    if (kindCount == KIND_COUNT_MAX) {
      return -1;
    }
    if (kindCount == partitions.length) {
      partitions = Arrays.copyOf(partitions, kindCount * 2);
      differences = Arrays.copyOf(differences, kindCount * 2);
    }
    partitions[kindCount] = partition;
    differences[kindCount] = difference;
    lastKind = kindCount;
    return kindCount++;
  }

  private boolean isKind(int kind, long partition, long difference) {
    return partitions[kind] == partition && differences[kind] == difference;
  }

  private void set(int index, byte kind) {
    char[] list = indexes;
    if (list == null) {
      kinds[index] = kind;
      return;
    }
    int place = Arrays.binarySearch(list, 0, count, (char) index);
    if (place >= 0) {
      kinds[place] = kind;
    } else if ((count + 1) * ID_SIZE_IN_LIST > width && count >= COUNT_FIRST) {
      spread(list);
      kinds[index] = kind;
    } else {
      insert(list, -place - 1, index, kind);
    }
  }

  private void insert(char[] list, int place, int index, byte kind) {
    char[] roomy = list;
    if (count == list.length) {
      roomy = Arrays.copyOf(list, count * 2);
      kinds = Arrays.copyOf(kinds, count * 2);
      indexes = roomy;
    }
    System.arraycopy(roomy, place, roomy, place + 1, count - place);
    System.arraycopy(kinds, place, kinds, place + 1, count - place);
    roomy[place] = (char) index;
    kinds[place] = kind;
    count++;
  }

  private void spread(char[] list) {
    byte[] all = new byte[width];
    for (int i = 0; i < count; i++) {
      all[list[i]] = kinds[i];
    }
    kinds = all;
    indexes = null;
  }
}
