package com.fulcrologic.datomiccloudbackup.internal.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Ascending ids: each alone, or as the first and the last of a range, for there can be many. */
public final class IdRanges {
  /** No database has as many attributes. */
  private static final int COUNT_MAX = 1 << 20;

  private IdRanges() {}

  /** A list whose elements are a {@code Long}, or a list of two. */
  public static List<Object> of(SortedSet<Long> ids) {
    List<Object> ranges = new ArrayList<>();
    for (long id : ids) {
      if (ids.contains(id - 1)) {
        continue;
      }
      long last = id;
      while (ids.contains(last + 1)) {
        last++;
      }
      ranges.add(last == id ? (Object) id : List.of(id, last));
    }
    return ranges;
  }

  /**
   * The ids in a list that may come from a stranger.
   *
   * @throws IllegalArgumentException when it is malformed, or holds more than 2^20 ids
   */
  public static SortedSet<Long> read(List<?> ranges) {
    SortedSet<Long> ids = new TreeSet<>();
    for (Object element : ranges) {
      if (element instanceof Long id) {
        ids.add(id);
      } else if (element instanceof List<?> range
          && range.size() == 2
          && range.get(0) instanceof Long first
          && range.get(1) instanceof Long last
          && first >= 0
          && last >= first
          && last - first < COUNT_MAX) {
        for (long id = first; id <= last; id++) {
          ids.add(id);
        }
      } else {
        throw new IllegalArgumentException("no id, and no range of ids");
      }
      if (ids.size() > COUNT_MAX) {
        throw new IllegalArgumentException("more than " + COUNT_MAX + " ids");
      }
    }
    return ids;
  }
}
