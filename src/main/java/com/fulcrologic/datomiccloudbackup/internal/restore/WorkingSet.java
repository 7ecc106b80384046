package com.fulcrologic.datomiccloudbackup.internal.restore;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import java.util.List;

/**
 * The ids that a handful of transactions speak of, each one settled before the first of them is
 * translated: in here with its target entity, or proved new. So no id is taken for new because
 * nobody remembers it. An id that a transaction in flight makes is settled when it has landed.
 * Mutable; not thread-safe.
 */
final class WorkingSet {
  private final LongMap targets = new LongMap();
  private final IdMap idMap;
  private final IdsInFlight inFlight;

  private WorkingSet(IdMap idMap, IdsInFlight inFlight) {
    this.idMap = idMap;
    this.inFlight = inFlight;
  }

  /**
   * Settles the ids of some transactions.
   *
   * @param schema as of the first of them; only the last of them may define attributes
   */
  static WorkingSet of(
      List<Transaction> transactions,
      Schema schema,
      IdMap idMap,
      IdResolver resolver,
      IdsInFlight inFlight) {
    WorkingSet set = new WorkingSet(idMap, inFlight);
    NewIds unknown = new NewIds();
    for (Transaction transaction : transactions) {
      for (Datom datom : transaction.datoms()) {
        set.settle(datom.e(), schema, unknown);
        set.settle(datom.a(), schema, unknown);
        set.settleValue(datom, schema, unknown);
      }
    }
    // Asked last: settling an id that was not used for long may make the map forget others.
    if (!idMap.isComplete() && unknown.size() > 0) {
      resolver.resolve(unknown.sorted(), set::learn);
    }
    return set;
  }

  /**
   * The target entity, or {@link IdMap#UNKNOWN} for an id that is new; waits for a transaction in
   * flight that makes it.
   */
  long target(long source) {
    long target = targets.get(source);
    if (target == LongMap.ABSENT && inFlight.settle(source)) {
      target = targets.get(source);
    }
    return target;
  }

  void learn(long source, long target) {
    targets.put(source, target);
    idMap.learn(source, target);
  }

  private void settleValue(Datom datom, Schema schema, NewIds unknown) {
    if (datom.v() instanceof Long id) {
      Attribute attribute = schema.attribute(datom.a());
      if (attribute != null && attribute.isRef()) {
        settle(id, schema, unknown);
      }
    } else if (datom.v() instanceof List<?> elements) {
      Attribute attribute = schema.attribute(datom.a());
      if (attribute != null && attribute.isComposite()) {
        settleComposite(elements, attribute, schema, unknown);
      } else if (attribute != null && attribute.hasRefElements()) {
        settleElements(elements, attribute, schema, unknown);
      }
    }
  }

  private void settleElements(
      List<?> elements, Attribute attribute, Schema schema, NewIds unknown) {
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i) instanceof Long id && attribute.isRefElement(i)) {
        settle(id, schema, unknown);
      }
    }
  }

  /** A composite may be brought about by touching a component, which its datom does not name. */
  private void settleComposite(
      List<?> elements, Attribute composite, Schema schema, NewIds unknown) {
    for (int i = 0; i < elements.size(); i++) {
      Attribute component = schema.attributeNamed(composite.tupleAttrs().get(i));
      if (component != null) {
        settle(component.id(), schema, unknown);
        if (component.isRef() && elements.get(i) instanceof Long id) {
          settle(id, schema, unknown);
        }
      }
    }
  }

  private void settle(long source, Schema schema, NewIds unknown) {
    if (targets.get(source) != LongMap.ABSENT || schema.builtIn(source) != null) {
      return;
    }
    long target = idMap.target(source);
    if (target == IdMap.UNKNOWN) {
      unknown.add(source);
    } else {
      targets.put(source, target);
    }
  }
}
