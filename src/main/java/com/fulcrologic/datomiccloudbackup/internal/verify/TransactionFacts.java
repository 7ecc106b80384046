package com.fulcrologic.datomiccloudbackup.internal.verify;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.internal.verify.Fact.Slot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What one transaction says, in terms of the target. Mutable; one thread. */
final class TransactionFacts {
  private final Map<Fact, Datom> facts = new HashMap<>();
  private final Map<Slot, Integer> slots = new HashMap<>();
  private final Set<Datom> withoutValue = new HashSet<>();
  private final Set<Long> strict = new HashSet<>();

  /** The facts, and the datom behind each. */
  Map<Fact, Datom> facts() {
    return facts;
  }

  /** How many datoms there are of those whose values a filter changes. */
  Map<Slot, Integer> slots() {
    return slots;
  }

  void add(Fact fact, Datom datom) {
    facts.put(fact, datom);
  }

  /**
   * Counts a datom whose value a filter changes, once: a log may hold a retraction twice, as
   * somebody sent it, and as Datomic added it.
   */
  void addWithoutValue(Slot slot, Datom datom) {
    if (withoutValue.add(datom)) {
      slots.merge(slot, 1, Integer::sum);
    }
  }

  /** Of this (target) attribute a datom may lack its counterpart only together with another. */
  void requireStrict(long attribute) {
    strict.add(attribute);
  }

  int count(Slot slot) {
    return slots.getOrDefault(slot, 0);
  }

  /**
   * Whether {@code found} of the datoms in this slot can be all that a filter left. A value of
   * cardinality one is lost only when the one that it replaces became equal to it; of cardinality
   * many, or of a composite, several may.
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
}
