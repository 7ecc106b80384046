package com.fulcrologic.datomiccloudbackup.internal.restore.baseline;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.fold.State;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The datoms of the entities among the schema, in the order in which any state can be loaded:
 * attributes first; datoms that use them; composites after all values, for Datomic computes them
 * from then on; predicates last, since old values need not satisfy them. In memory, as a schema is.
 * Immutable.
 */
final class SchemaPart {
  private static final int ATTRIBUTE_COUNT = 200;

  /** For an attribute that has lost its ident: a definition needs one. */
  private static final String UNNAMED = "com.fulcrologic.datomic-cloud-backup.unnamed";

  private final StateReading reading;
  private final Map<Long, List<Datom>> attributes = new TreeMap<>();
  private final Map<Long, List<Datom>> composites = new TreeMap<>();
  private final List<Datom> alterations = new ArrayList<>();
  private final List<Datom> valueTypes = new ArrayList<>();
  private final List<Datom> rest = new ArrayList<>();
  private final List<Datom> later = new ArrayList<>();
  private final List<Datom> predicates = new ArrayList<>();
  private final List<Datom> ofLast = new ArrayList<>();
  private final Set<Long> entities = new HashSet<>();
  private final Set<Long> firstEntities = new HashSet<>();
  private final Map<Long, List<Keyword>> olderNames = new TreeMap<>();
  private final Set<Keyword> taken = new HashSet<>();
  private final Map<Long, Datom> idents = new LinkedHashMap<>();

  private SchemaPart(StateReading reading) {
    this.reading = reading;
  }

  static SchemaPart of(State state, StateReading reading) {
    SchemaPart part = new SchemaPart(reading);
    List<Datom> datoms = new ArrayList<>();
    try (Stream<Datom> all = state.datoms()) {
      all.forEach(
          datom -> {
            if (reading.is(datom, BuiltIns.IDENT)) {
              part.taken.add((Keyword) datom.v());
            }
            boolean namesBuiltIn =
                reading.isBuiltIn(datom.e()) && reading.is(datom, BuiltIns.IDENT);
            if (Transaction.isAmongSchema(datom.e()) && !namesBuiltIn) {
              datoms.add(datom);
            }
          });
    }
    List<Datom> kept = reading.kept(datoms);
    Set<Long> installed = new HashSet<>();
    for (Datom datom : kept) {
      part.entities.add(datom.e());
      if (reading.is(datom, BuiltIns.INSTALL_VALUE_TYPE)) {
        installed.add((Long) datom.v());
      }
    }
    kept.forEach(datom -> part.sort(datom, installed));
    part.findNames();
    part.firstEntities.addAll(part.entities);
    part.firstEntities.removeAll(part.composites.keySet());
    part.putOffRest();
    return part;
  }

  private record EntityAttribute(long e, long a) {}

  /**
   * Puts off what cannot be first, and the other values of the same entity and attribute: among the
   * schema, Datomic Local accepts two at once of cardinality one.
   */
  private void putOffRest() {
    Set<EntityAttribute> putOff = new HashSet<>();
    for (Datom datom : rest) {
      if (!canBeFirst(datom)) {
        putOff.add(new EntityAttribute(datom.e(), datom.a()));
      }
    }
    List<Datom> sorted = new ArrayList<>(rest);
    rest.clear();
    for (Datom datom : sorted) {
      boolean isLater = putOff.contains(new EntityAttribute(datom.e(), datom.a()));
      (isLater ? later : rest).add(datom);
    }
  }

  private void sort(Datom datom, Set<Long> installed) {
    Attribute attribute =
        reading.isBuiltIn(datom.e()) ? null : reading.schema().attribute(datom.e());
    if (reading.mentionsLast(datom)) {
      ofLast.add(datom);
    } else if (reading.is(datom, BuiltIns.ATTR_PREDS)) {
      predicates.add(datom);
    } else if (reading.isComposite(datom)) {
      later.add(datom); // of an attribute or its like: computed, and touched at the end
    } else if (reading.is(datom, BuiltIns.INSTALL_VALUE_TYPE)
        || (installed.contains(datom.e()) && reading.isBuiltIn(datom.a()))) {
      valueTypes.add(datom);
    } else if (attribute != null && reading.isBuiltIn(datom.a())) {
      sortDefinition(datom, attribute);
    } else {
      rest.add(datom);
    }
  }

  private void sortDefinition(Datom datom, Attribute attribute) {
    if (reading.is(datom, BuiltIns.IS_COMPONENT) && !attribute.isRef()) {
      // A definition may not have it.
      (attribute.isComposite() ? predicates : alterations).add(datom);
      return;
    }
    (attribute.isComposite() ? composites : attributes)
        .computeIfAbsent(datom.e(), id -> new ArrayList<>())
        .add(datom);
  }

  /** Whether all that a datom speaks of is there before any other entity. */
  private boolean canBeFirst(Datom datom) {
    return (reading.isBuiltIn(datom.e()) || firstEntities.contains(datom.e()))
        && firstEntities.containsAll(reading.references(datom));
  }

  /** An older ident keeps resolving, unless something else has it now. */
  private void findNames() {
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

  /** The value types of users, which attributes need. */
  List<Datom> valueTypes() {
    return lastOfBuiltIns(valueTypes);
  }

  /** Datomic installs an entity that is described before. */
  private List<Datom> lastOfBuiltIns(List<Datom> datoms) {
    List<Datom> ordered = new ArrayList<>(datoms);
    ordered.sort(Comparator.comparing(datom -> reading.isBuiltIn(datom.e())));
    return ordered;
  }

  /** The other datoms among the schema that can be sent with the attributes. */
  List<Datom> rest() {
    return lastOfBuiltIns(rest);
  }

  /** The datoms that refer to entities that are not there yet. */
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

  /** The properties that an attribute may have, and its definition may not. */
  List<Datom> alterations() {
    return alterations;
  }

  /** The definitions of composites, in the order in which they were made. */
  List<List<Datom>> composites() {
    List<List<Datom>> definitions = new ArrayList<>();
    composites.forEach((id, definition) -> definitions.add(named(id, definition)));
    return definitions;
  }

  /** The schema without the composites that were made after this one. */
  Schema schemaThrough(long composite) {
    Schema schema = reading.schema();
    return new Schema(
        schema.attributes().stream()
            .filter(attribute -> !attribute.isComposite() || attribute.id() <= composite)
            .toList(),
        schema.builtIns(),
        schema.reusedNames(),
        schema.namesBefore());
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

  /** Its present ident, or the one that it had last. */
  private Keyword lastName(long id) {
    Datom present = idents.get(id);
    if (present != null) {
      return (Keyword) present.v();
    }
    Attribute attribute = reading.schema().attribute(id);
    if (attribute != null
        && !taken.contains(attribute.ident())
        && attribute.equals(reading.schema().attributeNamed(attribute.ident()))) {
      return attribute.ident();
    }
    return Keyword.intern(UNNAMED, "attribute-" + id);
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
        .forEach(given -> unnamings.add(new Datom(given.e(), given.a(), given.v(), 0, false)));
    return unnamings;
  }
}
