package com.fulcrologic.datomiccloudbackup.datomic;

import java.util.OptionalLong;

/**
 * Which value of a database to read.
 *
 * @param asOfT the last t that counts; empty for the present
 * @param history whether retracted datoms, and the retractions, are there too
 */
public record View(OptionalLong asOfT, boolean history) {

  /** The database as it is now. */
  public static final View CURRENT = new View(OptionalLong.empty(), false);

  /** The database as it was right after {@code t}. */
  public static View asOf(long t) {
    return new View(OptionalLong.of(t), false);
  }

  /** Everything that was ever said, up to and including this view's t. */
  public View withHistory() {
    return new View(asOfT, true);
  }
}
