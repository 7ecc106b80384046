package com.fulcrologic.datomiccloudbackup;

/**
 * A half-open range of transaction numbers, {@code [startT, endT)}: the one range type of this
 * library, for arguments, results, gaps and keys. Immutable.
 *
 * @param startT the first t that belongs to the range; not negative
 * @param endT the first t that no longer belongs to it; greater than {@code startT}
 */
public record TxRange(long startT, long endT) implements Comparable<TxRange> {

  /**
   * @throws IllegalArgumentException when {@code startT} is negative or not less than {@code endT}
   */
  public TxRange {
    if (startT < 0 || startT >= endT) {
      throw new IllegalArgumentException(
          "a range needs 0 <= startT < endT, not [" + startT + ", " + endT + ")");
    }
  }

  /** Whether {@code t} belongs to the range. */
  public boolean contains(long t) {
    return startT <= t && t < endT;
  }

  /** The span {@code endT - startT}; where t is not dense, there are fewer transactions. */
  public long span() {
    return endT - startT;
  }

  /** By start, then by end. */
  @Override
  public int compareTo(TxRange other) {
    int byStart = Long.compare(startT, other.startT);
    return byStart != 0 ? byStart : Long.compare(endT, other.endT);
  }

  /** Both ends included, as messages show it: {@code t 12 to 19}, or {@code t 12}. */
  @Override
  public String toString() {
    return span() == 1 ? "t " + startT : "t " + startT + " to " + (endT - 1);
  }
}
