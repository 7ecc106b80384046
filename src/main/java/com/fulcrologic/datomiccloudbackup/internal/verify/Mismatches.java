package com.fulcrologic.datomiccloudbackup.internal.verify;

import com.fulcrologic.datomiccloudbackup.Difference.Kind;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.internal.verify.Fact.Slot;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds where two sets of facts differ. */
final class Mismatches {
  private Mismatches() {}

  /** Is told each difference: the datoms on the two sides, at least one of them. */
  interface Listener {
    void differs(Kind kind, @Nullable Datom wanted, @Nullable Datom found);
  }

  /** A fact too few and one too many are one difference when they differ by the value alone. */
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
