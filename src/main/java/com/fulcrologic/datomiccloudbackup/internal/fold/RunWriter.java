package com.fulcrologic.datomiccloudbackup.internal.fold;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a sorted run: for each entry, the difference to the entity before, the attribute, and the
 * entry. Mutable, one thread.
 */
final class RunWriter implements AutoCloseable {
  private static final int BLOCK_SIZE = 1 << 16;

  private final Spill spill;
  private final OutputStream out;
  private final Bytes block = new Bytes();
  private long entityBefore;
  private long count;
  private boolean closed;

  RunWriter(Spill spill, Path file) {
    this.spill = spill;
    this.out = spill.doing(() -> Files.newOutputStream(file));
  }

  void write(long entity, long attribute, byte[] entries, int offset, int size) {
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

  private void flush() {
    try {
      out.write(block.array(), 0, block.size());
    } catch (IOException broken) {
      throw spill.failure(broken);
    }
    block.clear();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try (out) {
        flush();
      } catch (IOException broken) {
        throw spill.failure(broken);
      }
    }
  }
}
