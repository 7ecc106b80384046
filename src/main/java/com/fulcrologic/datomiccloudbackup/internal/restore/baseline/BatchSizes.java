package com.fulcrologic.datomiccloudbackup.internal.restore.baseline;

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
}
