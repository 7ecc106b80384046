package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Values;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A source transaction in the target's terms, without the bookkeeping, and the datoms that Datomic
 * is to log for it. A difference is reported with its t. It may arise since Datomic computes
 * composites, and takes some different values for equal.
 *
 * @param datomCount how many datoms Datomic is to log; empty where that is not known
 * @param composites the values of composites that it is to assert
 * @param leavesOut whether the target does not accept all of the user's datoms
 */
public record Translation(
    List<Object> forms, OptionalInt datomCount, List<List<?>> composites, boolean leavesOut) {

  /**
   * Whether Datomic logged the source's datoms, as far as these are known in advance. The source's
   * log may hold a retraction twice: as its author sent it, and as Datomic added it.
   *
   * @param logged how many datoms Datomic logged besides the bookkeeping
   * @param spareCount how many more of them may be bookkeeping
   * @param tuples all that it logged
   */
  public boolean isMet(Transaction transaction, int logged, int spareCount, List<List<?>> tuples) {
    if (leavesOut || !agreesWith(tuples)) {
      return false;
    }
    if (datomCount.isEmpty()) {
      return true;
    }
    int more = logged - datomCount.getAsInt();
    if (more < 0) {
      more += transaction.datoms().size() - new HashSet<>(transaction.datoms()).size();
    }
    return more == 0 || (spareCount > 0 && more == spareCount);
  }

  /** Whether each composite is among the tuples that the target has logged. */
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

  /** The form of a number in which the two logs agree: ids differ, and the wire has no floats. */
  private static Object comparable(@Nullable Object element) {
    if (element instanceof Long) {
      return Long.class;
    }
    return Values.canonical(element instanceof Float number ? number.doubleValue() : element);
  }
}
