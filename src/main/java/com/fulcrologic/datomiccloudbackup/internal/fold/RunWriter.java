package com.fulcrologic.datomiccloudbackup.internal.fold;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes a sorted run: for each entry, the difference to the entity before, the attribute, and the
 * entry. Mutable, one thread.
 */
final class RunWriter implements AutoCloseable {
  private static final int BLOCK_SIZE = 1 << 16;

  private final OutputStream out;
  private final Bytes block = new Bytes();
  private long entityBefore;
  private long count;
  private boolean closed;

  RunWriter(OutputStream out) {
    this.out = out;
  }

  void write(long entity, long attribute, byte[] entries, int offset, int size) throws IOException {
    block.putUnsigned(entity - entityBefore);
    block.putUnsigned(attribute);
    block.putUnsigned(size);
    block.put(entries, offset, size);
    entityBefore = entity;
    count++;
    if (block.size() >= BLOCK_SIZE) {
      flush();
    }
  }

  long count() {
    return count;
  }

  private void flush() throws IOException {
    out.write(block.array(), 0, block.size());
    block.clear();
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      try (out) {
        flush();
      }
    }
  }
}
