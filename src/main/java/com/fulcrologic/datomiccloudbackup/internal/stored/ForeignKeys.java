package com.fulcrologic.datomiccloudbackup.internal.stored;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The keys under a backup's name that this library did not make. Immutable.
 *
 * @param first the first ones, at most {@link #FIRST_COUNT_MAX}, in the order of the listing
 */
public record ForeignKeys(long count, List<String> first) {
  /** The maximum number of keys that are kept. */
  public static final int FIRST_COUNT_MAX = 100;

  public ForeignKeys {
    first = List.copyOf(first);
  }

  static ForeignKeys of(Stream<String> keys) {
    List<String> first = new ArrayList<>();
    long count = 0;
    for (Iterator<String> each = keys.iterator(); each.hasNext(); count++) {
      String key = each.next();
      if (count < FIRST_COUNT_MAX) {
        first.add(key);
      }
    }
    return new ForeignKeys(count, first);
  }
}
