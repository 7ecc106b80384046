package com.fulcrologic.datomiccloudbackup.internal.restore.baseline;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.fold.State;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a state says of the entities among the schema, in the order in which any state can be
 * loaded: attributes first; what is said with them of their like; composites after all values, for
 * Datomic computes them from then on; predicates last, since old values need not satisfy them. In
 * memory, as a schema is. Immutable.
 */
final class SchemaPart {
  private static final int ATTRIBUTE_COUNT = 200;
  private static final String UNNAMED_PREFIX = "unnamed-";

  private final StateReading reading;
  private final Map<Long, List<Datom>> attributes = new TreeMap<>();
  private final Map<Long, List<Datom>> composites = new TreeMap<>();
  private final List<Datom> rest = new ArrayList<>();
  private final List<Datom> later = new ArrayList<>();
  private final List<Datom> predicates = new ArrayList<>();
  private final List<Datom> ofLast = new ArrayList<>();
  private final Set<Long> entities = new HashSet<>();
  private final Set<Long> firstEntities = new HashSet<>();
  private final Map<Long, List<Keyword>> olderNames = new TreeMap<>();
  private final Map<Long, Datom> idents = new LinkedHashMap<>();

  private SchemaPart(StateReading reading) {
    this.reading = reading;
  }

  static SchemaPart of(State state, StateReading reading) {
    SchemaPart part = new SchemaPart(reading);
    Set<Keyword> taken = new HashSet<>();
    List<Datom> datoms = new ArrayList<>();
    try (Stream<Datom> all = state.datoms()) {
      all.forEach(
          datom -> {
            if (reading.is(datom, BuiltIns.IDENT)) {
              taken.add((Keyword) datom.v());
            }
            boolean namesBuiltIn =
                reading.isBuiltIn(datom.e()) && reading.is(datom, BuiltIns.IDENT);
            if (Transaction.isAmongSchema(datom.e()) && !namesBuiltIn) {
              datoms.add(datom);
            }
          });
    }
    List<Datom> kept = reading.kept(datoms);
    kept.forEach(datom -> part.entities.add(datom.e()));
    kept.forEach(part::sort);
    part.findNames(taken);
    part.firstEntities.addAll(part.entities);
    part.firstEntities.removeAll(part.composites.keySet());
    List<Datom> sent = new ArrayList<>(part.rest);
    part.rest.clear();
    sent.forEach(datom -> (part.canBeFirst(datom) ? part.rest : part.later).add(datom));
    return part;
  }

  private void sort(Datom datom) {
    Attribute attribute = reading.schema().attribute(datom.e());
    boolean isUsers = attribute != null && !reading.isBuiltIn(datom.e());
    if (reading.references(datom).contains(reading.lastTx())) {
      ofLast.add(datom);
    } else if (reading.is(datom, BuiltIns.ATTR_PREDS)) {
      predicates.add(datom);
    } else if (reading.isComposite(datom)) {
      later.add(datom); // of an attribute or its like: computed, and touched at the end
    } else if (isUsers && reading.isBuiltIn(datom.a())) {
      (attribute.isComposite() ? composites : attributes)
          .computeIfAbsent(datom.e(), id -> new ArrayList<>())
          .add(datom);
    } else {
      rest.add(datom);
    }
  }

  /** Whether all that a datom speaks of is there before any other entity. */
  private boolean canBeFirst(Datom datom) {
    return (reading.isBuiltIn(datom.e()) || firstEntities.contains(datom.e()))
        && firstEntities.containsAll(reading.references(datom));
  }

  /** An older ident keeps resolving, unless something else has it now. */
  private void findNames(Set<Keyword> taken) {
    Schema schema = reading.schema();
    for (Attribute attribute : schema.attributes()) {
      List<Keyword> older = new ArrayList<>();
      for (Keyword name : attribute.names()) {
        if (!name.equals(attribute.ident())
            && !taken.contains(name)
            && attribute.equals(schema.attributeNamed(name))) {
          older.add(name);
        }
      }
      if (attributes.containsKey(attribute.id()) && !older.isEmpty()) {
        older.sort(null);
        olderNames.put(attribute.id(), older);
      }
    }
    for (List<Datom> datoms : attributes.values()) {
      datoms.stream()
          .filter(datom -> reading.is(datom, BuiltIns.IDENT))
          .forEach(datom -> idents.put(datom.e(), datom));
    }
    for (List<Datom> datoms : composites.values()) {
      datoms.stream()
          .filter(datom -> reading.is(datom, BuiltIns.IDENT))
          .forEach(datom -> idents.put(datom.e(), datom));
    }
  }

  /** The entities among the schema of which the state says something. */
  Set<Long> entities() {
    return entities;
  }

  /** Those that are in the target before any entity of another partition: all but composites. */
  Set<Long> firstEntities() {
    return firstEntities;
  }

  /** What else is among the schema, and is to be sent with the attributes. */
  List<Datom> rest() {
    return rest;
  }

  /** What refers to entities that are not there yet. */
  List<Datom> later() {
    return later;
  }

  List<Datom> predicates() {
    return predicates;
  }

  List<Datom> ofLast() {
    return ofLast;
  }

  /** The definitions of attributes that are not composites, several at a time. */
  List<List<Datom>> attributeBatches() {
    return batches(attributes);
  }

  List<List<Datom>> compositeBatches() {
    return batches(composites);
  }

  private List<List<Datom>> batches(Map<Long, List<Datom>> definitions) {
    List<List<Datom>> batches = new ArrayList<>();
    List<Datom> batch = new ArrayList<>();
    int count = 0;
    for (Map.Entry<Long, List<Datom>> definition : definitions.entrySet()) {
      if (count++ % ATTRIBUTE_COUNT == 0) {
        batch = new ArrayList<>();
        batches.add(batch);
      }
      batch.addAll(named(definition.getKey(), definition.getValue()));
    }
    return batches;
  }

  /** With the first ident that an attribute is to get; it needs one. */
  private List<Datom> named(long id, List<Datom> definition) {
    List<Datom> named = new ArrayList<>();
    for (Datom datom : definition) {
      if (!reading.is(datom, BuiltIns.IDENT)) {
        named.add(datom);
      }
    }
    named.add(ident(id, firstName(id)));
    return named;
  }

  private Keyword firstName(long id) {
    List<Keyword> older = olderNames.getOrDefault(id, List.of());
    return older.isEmpty() ? lastName(id) : older.get(0);
  }

  private Keyword lastName(long id) {
    Datom present = idents.get(id);
    return present == null
        ? Keyword.intern(Bookkeeping.NAMESPACE, UNNAMED_PREFIX + id)
        : (Keyword) present.v();
  }

  private Datom ident(long id, Keyword name) {
    Attribute ident = reading.schema().attributeNamed(BuiltIns.IDENT);
    if (ident == null) {
      throw new IllegalStateException("a schema without :db/ident");
    }
    return new Datom(id, ident.id(), name, 0, true);
  }

  /** Renamings, in their order: each older ident, and the present one. */
  List<List<Datom>> renamings() {
    List<List<Datom>> renamings = new ArrayList<>();
    for (int i = 1; ; i++) {
      List<Datom> renaming = new ArrayList<>();
      for (Map.Entry<Long, List<Keyword>> names : olderNames.entrySet()) {
        long id = names.getKey();
        if (i < names.getValue().size()) {
          renaming.add(ident(id, names.getValue().get(i)));
        } else if (i == names.getValue().size()) {
          renaming.add(ident(id, lastName(id)));
        }
      }
      if (renaming.isEmpty()) {
        return renamings;
      }
      renamings.add(renaming);
    }
  }

  /** Retractions of the idents that only this load has given. */
  List<Datom> unnamings() {
    List<Datom> unnamings = new ArrayList<>();
    Stream.concat(attributes.keySet().stream(), composites.keySet().stream())
        .filter(id -> !idents.containsKey(id))
        .map(id -> ident(id, lastName(id)))
        .forEach(
            given -> unnamings.add(new Datom(given.e(), given.a(), given.v(), 0, false)));
    return unnamings;
  }
}
