package com.fulcrologic.datomiccloudbackup.internal.verify;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.internal.log.Values;
import com.fulcrologic.datomiccloudbackup.verify.Difference.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The facts of one transaction, in the target's ids. Mutable; one thread. */
final class TransactionFacts {
  private final Map<Fact, Datom> facts = new HashMap<>();
  private final Map<Slot, Integer> slots = new HashMap<>();
  private final Set<Datom> withoutValue = new HashSet<>();
  private final Set<Long> strict = new HashSet<>();

  /** The content of a datom in the target's ids, its value {@link Values#canonical}. */
  record Fact(long e, long a, Object v, boolean added) {
    static Fact of(Datom datom) {
      return new Fact(datom.e(), datom.a(), Values.canonical(datom.v()), datom.added());
    }

    Slot slot() {
      return new Slot(e, a, added);
    }
  }

  /** The comparable part of a fact whose value a filter changes. */
  record Slot(long e, long a, boolean added) {}

  Map<Fact, Datom> facts() {
    return facts;
  }

  /** The number of datoms in each slot whose values a filter changes. */
  Map<Slot, Integer> slots() {
    return slots;
  }

  void add(Fact fact, Datom datom) {
    facts.put(fact, datom);
  }

  /**
   * Counts a datom whose value a filter changes, once. A log may contain a retraction twice: as the
   * caller sent it, and as Datomic added it.
   */
  void addWithoutValue(Slot slot, Datom datom) {
    if (withoutValue.add(datom)) {
      slots.merge(slot, 1, Integer::sum);
    }
  }

  /** A datom of this target attribute may be missing only together with its counterpart. */
  void requireStrict(long attribute) {
    strict.add(attribute);
  }

  int count(Slot slot) {
    return slots.getOrDefault(slot, 0);
  }

  /**
   * Whether a filter can have reduced the datoms of this slot to those in {@code found}. A value of
   * cardinality one disappears only if the filter made it equal to the value that it replaces. For
   * cardinality many, and for a composite, several values may disappear.
   */
  boolean allows(Slot slot, TransactionFacts found) {
    int wanted = count(slot);
    int there = found.count(slot);
    if (there >= wanted || !strict.contains(slot.a())) {
      return there <= wanted;
    }
    Slot counterpart = new Slot(slot.e(), slot.a(), !slot.added());
    return there == 0 && count(counterpart) == wanted && found.count(counterpart) == 0;
  }

  /** Receives each difference: the datoms of both sides, at least one of them non-null. */
  interface Listener {
    void differs(Kind kind, @Nullable Datom wanted, @Nullable Datom found);
  }

  /** A missing and an extra fact count as one difference when only their values differ. */
  void compare(TransactionFacts found, Listener listener) {
    Map<Slot, Deque<Datom>> extras = new HashMap<>();
    found.facts.forEach(
        (fact, datom) -> {
          if (!facts.containsKey(fact)) {
            extras.computeIfAbsent(fact.slot(), unused -> new ArrayDeque<>()).add(datom);
          }
        });
    facts.forEach(
        (fact, datom) -> {
          if (!found.facts.containsKey(fact)) {
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
