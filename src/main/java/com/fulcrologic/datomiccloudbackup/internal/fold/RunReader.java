package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads a run, entry after entry. Mutable, one thread. */
final class RunReader implements AutoCloseable {
  private static final int BUFFER_SIZE = 1 << 16;
  private static final int HEAD_SIZE_MAX = 3 * Bytes.NUMBER_SIZE_MAX;

  private final Spill spill;
  private final InputStream in;
  private final int age;
  private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_SIZE).limit(0);
  private long entity;
  private long attribute;
  private int offset; // of the entry in the buffer
  private int size;
  private int normalOffset;
  private int normalSize;

  /** Of two runs that speak of one value, the later one, by age, has the last word. */
  RunReader(Spill spill, Path run, int age) {
    this.spill = spill;
    this.in = spill.doing(() -> Files.newInputStream(run));
    this.age = age;
  }

  /** Moves to the next entry; false at the end. Not to be called after that. */
  boolean next() {
    buffer.position(offset + size);
    fill(HEAD_SIZE_MAX);
    if (!buffer.hasRemaining()) {
      return false;
    }
    entity += Bytes.getUnsigned(buffer);
    attribute = Bytes.getUnsigned(buffer);
    size = (int) Bytes.getUnsigned(buffer);
    fill(size);
    if (buffer.remaining() < size) {
      throw spill.failure(new EOFException("a run ends within an entry"));
    }
    offset = buffer.position();
    normalSize = Entry.normalSize(buffer);
    normalOffset = buffer.position();
    return true;
  }

  boolean added() {
    return Entry.skip(buffer.position(offset));
  }

  /** The entry as an asserted datom of this transaction. */
  Datom datom(long tx) {
    Object value = Entry.value(buffer.position(offset));
    return new Datom(State.entity(entity), attribute, value, tx, true);
  }

  void copyTo(RunWriter out) {
    out.write(entity, attribute, buffer.array(), offset, size);
  }

  int compareTo(RunReader other) {
    int byEntity = Long.compareUnsigned(entity, other.entity);
    if (byEntity != 0) {
      return byEntity;
    }
    int byAttribute = Long.compareUnsigned(attribute, other.attribute);
    return byAttribute != 0
        ? byAttribute
        : Arrays.compareUnsigned(
            buffer.array(),
            normalOffset,
            normalOffset + normalSize,
            other.buffer.array(),
            other.normalOffset,
            other.normalOffset + other.normalSize);
  }

  /** The same, and of equal ones the later run first. */
  int compareWithAge(RunReader other) {
    int byContent = compareTo(other);
    return byContent != 0 ? byContent : Integer.compare(other.age, age);
  }

  /** Makes sure that so many bytes are in the buffer, unless the run ends before. */
  private void fill(int count) {
    int left = buffer.remaining();
    if (left >= count) {
      return;
    }
    int capacity = buffer.capacity();
    ByteBuffer target =
        count > capacity ? ByteBuffer.allocate(Math.max(count, capacity * 2)) : buffer;
    System.arraycopy(buffer.array(), buffer.position(), target.array(), 0, left);
    int read = spill.doing(() -> in.readNBytes(target.array(), left, target.capacity() - left));
    buffer = target.clear().limit(left + read);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException broken) {
      throw spill.failure(broken);
    }
  }
}
