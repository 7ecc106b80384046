package com.fulcrologic.datomiccloudbackup.internal.backup;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.internal.stored.Cover;
import java.util.ArrayList;
import java.util.List;

/** The missing parts of a range. */
final class Missing {
  private Missing() {}

  /** The missing parts of the range, in ascending order. */
  static List<TxRange> in(TxRange range, Cover cover) {
    List<TxRange> missing = new ArrayList<>();
    long t = range.startT();
    while (t < range.endT()) {
      long from = t;
      t =
          cover
              .covering(from)
              .map(segment -> segment.range().endT())
              .orElseGet(
                  () -> {
                    long end =
                        Math.min(cover.startAfter(from).orElse(Long.MAX_VALUE), range.endT());
                    missing.add(new TxRange(from, end));
                    return end;
                  });
    }
    return missing;
  }

  /**
   * The same, cut wherever a segment ends when the whole range is stored at once: so another
   * process that takes over, or does the same meanwhile, makes the same segments.
   */
  static List<TxRange> cells(TxRange range, Cover cover, long length) {
    List<TxRange> cells = new ArrayList<>();
    for (TxRange part : in(range, cover)) {
      for (long t = part.startT(); t < part.endT(); ) {
        long cellEnd = t - (t - range.startT()) % length + length;
        long end = Math.min(cellEnd, part.endT());
        cells.add(new TxRange(t, end));
        t = end;
      }
    }
    return cells;
  }
}
