package com.fulcrologic.datomiccloudbackup.internal.restore.baseline;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Cuts datoms of known entities into batches, each entity's in one batch unless they are very many.
 * As with {@link EntityBatches}, the cuts are part of the target's format. Mutable, one thread.
 */
final class Chunks implements Iterator<List<Datom>> {
  private final Iterator<Datom> datoms;
  private final BatchSizes sizes;
  private @Nullable Datom ahead;

  Chunks(Iterator<Datom> datoms, BatchSizes sizes) {
    this.datoms = datoms;
    this.sizes = sizes;
    this.ahead = datoms.hasNext() ? datoms.next() : null;
  }

  @Override
  public boolean hasNext() {
    return ahead != null;
  }

  @Override
  public List<Datom> next() {
    if (ahead == null) {
      throw new NoSuchElementException();
    }
    List<Datom> chunk = new ArrayList<>();
    long weight = 0;
    while (ahead != null) {
      boolean isFull = chunk.size() >= sizes.datomCount() || weight >= sizes.weight();
      boolean isVeryFull =
          chunk.size() >= sizes.datomCount() + sizes.portionCount() || weight >= 2 * sizes.weight();
      if (isVeryFull || (isFull && chunk.get(chunk.size() - 1).e() != ahead.e())) {
        break;
      }
      chunk.add(ahead);
      weight += new Transaction(0, 0, List.of(ahead)).weight();
      ahead = datoms.hasNext() ? datoms.next() : null;
    }
    return chunk;
  }
}
