package com.fulcrologic.datomiccloudbackup.internal.restore;

import com.fulcrologic.datomiccloudbackup.internal.log.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What Datomic is to log in the target for a transaction of the source. What it logs otherwise is
 * told, by its t: Datomic computes composites, and takes values that differ for equal.
 *
 * @param datomCount how many datoms, without the bookkeeping; empty where that cannot be told
 * @param composites the values of composites that it asserts
 * @param leavesOut whether the target cannot be told all that a user says there
 */
record Forecast(OptionalInt datomCount, List<List<?>> composites, boolean leavesOut) {
  /** What the two logs have in common of a number: ids differ, and the wire has no floats. */
  private static Object comparable(@Nullable Object element) {
    if (element instanceof Long) {
      return Long.class;
    }
    return Values.canonical(element instanceof Float number ? number.doubleValue() : element);
  }

  /**
   * Whether each composite is among the tuples.
   *
   * @param tuples all that the target has logged
   */
  boolean agreesWith(List<List<?>> tuples) {
    if (composites.isEmpty()) {
      return true;
    }
    List<Object> logged = new ArrayList<>();
    tuples.forEach(tuple -> logged.add(comparable(tuple)));
    return composites.stream().allMatch(composite -> logged.remove(comparable(composite)));
  }

  private static List<Object> comparable(List<?> tuple) {
    List<Object> elements = new ArrayList<>(tuple.size());
    tuple.forEach(element -> elements.add(comparable(element)));
    return elements;
  }
}
