package com.fulcrologic.datomiccloudbackup.datomic;

import java.util.OptionalLong;

/**
 * The value of a database to read.
 *
 * @param asOfT the last t of the value; empty for the present
 * @param history whether retracted datoms, and the retractions, are included
 */
public record View(OptionalLong asOfT, boolean history) {

  /** The database as it is now. */
  public static final View CURRENT = new View(OptionalLong.empty(), false);

  /** The database as it was right after {@code t}. */
  public static View asOf(long t) {
    return new View(OptionalLong.of(t), false);
  }

  /** All datoms ever asserted or retracted, up to and including this view's t. */
  public View withHistory() {
    return new View(asOfT, true);
  }
}
