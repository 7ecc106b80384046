package com.fulcrologic.datomiccloudbackup.internal.verify;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.internal.verify.Fact.Slot;
import com.fulcrologic.datomiccloudbackup.verify.Difference.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds where two sets of facts differ. */
final class Mismatches {
  private Mismatches() {}

  /** Receives each difference: the datoms of both sides, at least one of them non-null. */
  interface Listener {
    void differs(Kind kind, @Nullable Datom wanted, @Nullable Datom found);
  }

  /** A missing and an extra fact count as one difference when only their values differ. */
  static void find(Map<Fact, Datom> wanted, Map<Fact, Datom> found, Listener listener) {
    Map<Slot, Deque<Datom>> extras = new HashMap<>();
    found.forEach(
        (fact, datom) -> {
          if (!wanted.containsKey(fact)) {
            extras.computeIfAbsent(fact.slot(), unused -> new ArrayDeque<>()).add(datom);
          }
        });
    wanted.forEach(
        (fact, datom) -> {
          if (!found.containsKey(fact)) {
            Deque<Datom> sameSlot = extras.get(fact.slot());
            Datom other = sameSlot == null ? null : sameSlot.poll();
            listener.differs(other == null ? Kind.MISSING : Kind.DIFFERENT_VALUE, datom, other);
          }
        });
    for (Deque<Datom> rest : extras.values()) {
      rest.forEach(datom -> listener.differs(Kind.EXTRA, null, datom));
    }
  }
}
