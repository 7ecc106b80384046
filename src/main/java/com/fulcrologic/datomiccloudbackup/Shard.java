package com.fulcrologic.datomiccloudbackup;

/**
 * One worker's share of a range that several workers back up at once, without communication.
 * Immutable.
 *
 * @param index the number of this share, from 0
 * @param count the number of shares; 1 to {@value #COUNT_MAX}
 */
public record Shard(int index, int count) {
  /** The largest number of workers that an array job may have. */
  public static final int COUNT_MAX = 10_000;

  /**
   * @throws IllegalArgumentException when a number is out of its range
   */
  public Shard {
    if (count < 1 || count > COUNT_MAX || index < 0 || index >= count) {
      throw new IllegalArgumentException("a shard needs 0 <= index < count <= " + COUNT_MAX);
    }
  }

  /** The start of this share of a range; all shares are equally long, but for rounding. */
  public long startT(TxRange whole) {
    return bound(whole, index);
  }

  /** The end of this share of a range; equal to its start when there are more shards than t. */
  public long endT(TxRange whole) {
    return bound(whole, index + 1);
  }

  private long bound(TxRange whole, int number) {
    long length = whole.span() / count;
    long longerCount = whole.span() % count;
    return whole.startT() + length * number + Math.min(number, longerCount);
  }
}
