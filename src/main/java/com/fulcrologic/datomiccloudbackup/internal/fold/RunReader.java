package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads a run, entry after entry. Mutable, one thread. */
final class RunReader implements AutoCloseable {
  private static final int BUFFER_SIZE = 1 << 16;
  private static final int NUMBER_SIZE_MAX = 10;
  private static final int HEAD_SIZE_MAX = 3 * NUMBER_SIZE_MAX;

  private final InputStream in;
  private final int age;
  private byte[] buffer = new byte[BUFFER_SIZE];
  private int end;
  private final ByteCursor cursor = new ByteCursor(buffer, 0);
  private final ByteCursor ofEntry = new ByteCursor(buffer, 0);
  private long entity;
  private long attribute;
  private int offset;
  private int size;
  private int normalOffset;
  private int normalSize;

  /**
   * @param age the number of the run; of two that speak of one value, the later run has the last
   *     word
   */
  RunReader(InputStream in, int age) {
    this.in = in;
    this.age = age;
  }

  /** Moves to the next entry; false at the end. */
  boolean next() throws IOException {
    fill(HEAD_SIZE_MAX);
    if (cursor.position() == end) {
      return false;
    }
    entity += cursor.getUnsigned();
    attribute = cursor.getUnsigned();
    size = cursor.getSize();
    fill(size);
    if (end - cursor.position() < size) {
      throw new EOFException("a run ends within an entry");
    }
    offset = cursor.skip(size);
    ofEntry.moveTo(buffer, offset);
    normalSize = Entry.normalSize(ofEntry);
    normalOffset = ofEntry.position();
    return true;
  }

  /** Whether the entry is an assertion. */
  boolean added() {
    ofEntry.moveTo(buffer, offset);
    return Entry.skip(ofEntry);
  }

  /** The entry as an asserted datom of this transaction. */
  Datom datom(long tx) {
    ofEntry.moveTo(buffer, offset);
    return new Datom(StateOrder.entity(entity), attribute, Entry.value(ofEntry), tx, true);
  }

  void copyTo(RunWriter out) throws IOException {
    out.write(entity, attribute, buffer, offset, size);
  }

  /** By entity, attribute and value. */
  int compareTo(RunReader other) {
    int byEntity = Long.compareUnsigned(entity, other.entity);
    if (byEntity != 0) {
      return byEntity;
    }
    int byAttribute = Long.compareUnsigned(attribute, other.attribute);
    return byAttribute != 0
        ? byAttribute
        : Arrays.compareUnsigned(
            buffer,
            normalOffset,
            normalOffset + normalSize,
            other.buffer,
            other.normalOffset,
            other.normalOffset + other.normalSize);
  }

  /** The same, and of equal ones the later run first. */
  int compareWithAge(RunReader other) {
    int byContent = compareTo(other);
    return byContent != 0 ? byContent : Integer.compare(other.age, age);
  }

  /** Makes sure that so many bytes are in the buffer, unless the run ends before. */
  private void fill(int count) throws IOException {
    int left = end - cursor.position();
    if (left >= count) {
      return;
    }
    byte[] target = count > buffer.length ? new byte[Math.max(count, buffer.length * 2)] : buffer;
    System.arraycopy(buffer, cursor.position(), target, 0, left);
    buffer = target;
    end = left + in.readNBytes(buffer, left, buffer.length - left);
    cursor.moveTo(buffer, 0);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
