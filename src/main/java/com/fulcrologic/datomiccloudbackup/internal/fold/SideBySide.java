package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;

/** Reads two sorted files of datoms side by side. Memory holds one datom of each. */
public final class SideBySide {
  private SideBySide() {}

  /** Receives the datoms of both files, in their order. */
  public interface Sink {
    /**
     * Both files have this entity, attribute and value. The values may differ in their
     * representation, as 1.0M and 1.00M do.
     */
    void both(Datom left, Datom right);

    void onlyLeft(Datom datom);

    void onlyRight(Datom datom);
  }

  /** Reads both files, as {@link DatomSorter#finish} left them, to their ends. */
  public static void read(SpilledDatoms left, SpilledDatoms right, Sink sink) {
    try (RunReader lefts = left.reader();
        RunReader rights = right.reader()) {
      boolean hasLeft = lefts.next();
      boolean hasRight = rights.next();
      while (hasLeft || hasRight) {
        int order = !hasLeft ? 1 : !hasRight ? -1 : lefts.compareTo(rights);
        if (order == 0) {
          sink.both(lefts.datom(0), rights.datom(0));
        } else if (order < 0) {
          sink.onlyLeft(lefts.datom(0));
        } else {
          sink.onlyRight(rights.datom(0));
        }
        hasLeft = order <= 0 ? lefts.next() : hasLeft;
        hasRight = order >= 0 ? rights.next() : hasRight;
      }
    }
  }
}
