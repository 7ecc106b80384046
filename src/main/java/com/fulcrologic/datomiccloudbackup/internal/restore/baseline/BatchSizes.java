package com.fulcrologic.datomiccloudbackup.internal.restore.baseline;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The bounds of the batches of a load. They decide the cuts, and so are part of the target's
 * format.
 *
 * @param datomCount a batch ends when it has so many datoms
 * @param portionCount and has at most so many more
 * @param weight or when they take so many bytes in memory
 */
public record BatchSizes(int datomCount, int portionCount, long weight) {
  /** Those of every real target. */
  public static final BatchSizes OF_FORMAT = new BatchSizes(2_000, 500, 512 << 10);

  /** Cuts datoms of known entities, each entity's in one batch unless they are very many. */
  void cut(Iterator<Datom> datoms, Consumer<List<Datom>> sink) {
    List<Datom> batch = new ArrayList<>();
    long batchWeight = 0;
    while (datoms.hasNext()) {
      Datom next = datoms.next();
      boolean isFull = batch.size() >= datomCount || batchWeight >= weight;
      boolean isVeryFull = batch.size() >= datomCount + portionCount || batchWeight >= 2 * weight;
      if (isVeryFull || (isFull && batch.get(batch.size() - 1).e() != next.e())) {
        sink.accept(batch);
        batch = new ArrayList<>();
        batchWeight = 0;
      }
      batch.add(next);
      batchWeight += new Transaction(0, 0, List.of(next)).weight();
    }
    if (!batch.isEmpty()) {
      sink.accept(batch);
    }
  }
}
