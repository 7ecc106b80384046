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
import java.util.HashMap;
import java.util.HashSet;
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
  private final Map<Long, List<Keyword>> olderNames = new TreeMap<>();
  private final Map<Long, Keyword> idents = new HashMap<>();
  private final Set<Keyword> taken = new HashSet<>();

  /** The entities among the schema of which the state says something. */
  final Set<Long> entities = new HashSet<>();

  /** Those that are in the target before any entity of another partition: all but composites. */
  final Set<Long> firstEntities = new HashSet<>();

  /** The value types of users, which attributes need. */
  final List<Datom> valueTypes = new ArrayList<>();

  /** The properties that an attribute may have, and its definition may not. */
  final List<Datom> alterations = new ArrayList<>();

  /** The other datoms among the schema that can be sent with the attributes. */
  final List<Datom> rest = new ArrayList<>();

  /** The datoms that refer to entities that are not there yet. */
  final List<Datom> later = new ArrayList<>();

  final List<Datom> predicates = new ArrayList<>();
  final List<Datom> ofLast = new ArrayList<>();

  SchemaPart(State state, StateReading reading) {
    this.reading = reading;
    List<Datom> datoms = new ArrayList<>();
    try (Stream<Datom> all = state.datoms()) {
      all.forEach(
          datom -> {
            boolean names = reading.is(datom, BuiltIns.IDENT);
            if (names) {
              taken.add((Keyword) datom.v());
            }
            if (Transaction.isAmongSchema(datom.e()) && !(names && reading.isBuiltIn(datom.e()))) {
              datoms.add(datom);
            }
          });
    }
    List<Datom> kept = reading.kept(datoms);
    Set<Long> installed = new HashSet<>();
    for (Datom datom : kept) {
      entities.add(datom.e());
      if (reading.is(datom, BuiltIns.INSTALL_VALUE_TYPE)) {
        installed.add((Long) datom.v());
      }
    }
    kept.forEach(datom -> sort(datom, installed));
    findNames();
    firstEntities.addAll(entities);
    firstEntities.removeAll(composites.keySet());
    putOffRest();
    // Datomic installs an entity that is described before.
    Comparator<Datom> builtInsLast = Comparator.comparing(datom -> reading.isBuiltIn(datom.e()));
    valueTypes.sort(builtInsLast);
    rest.sort(builtInsLast);
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
    if (reading.is(datom, BuiltIns.IDENT)) {
      idents.put(datom.e(), (Keyword) datom.v());
    }
    (attribute.isComposite() ? composites : attributes)
        .computeIfAbsent(datom.e(), id -> new ArrayList<>())
        .add(datom);
  }

  /** An older ident keeps resolving, unless something else has it now. */
  private void findNames() {
    for (Attribute attribute : reading.schema().attributes()) {
      List<Keyword> older = new ArrayList<>();
      for (Keyword name : attribute.names()) {
        if (!name.equals(attribute.ident()) && isFree(name, attribute)) {
          older.add(name);
        }
      }
      if (attributes.containsKey(attribute.id()) && !older.isEmpty()) {
        older.sort(null);
        olderNames.put(attribute.id(), older);
      }
    }
  }

  /** Whether nothing has the name now, and the attribute had it last. */
  private boolean isFree(Keyword name, Attribute attribute) {
    return !taken.contains(name) && attribute.equals(reading.schema().attributeNamed(name));
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
    for (Datom datom : rest) {
      if (putOff.contains(new EntityAttribute(datom.e(), datom.a()))) {
        later.add(datom);
      }
    }
    rest.removeIf(datom -> putOff.contains(new EntityAttribute(datom.e(), datom.a())));
  }

  /** Whether all that a datom speaks of is there before any other entity. */
  private boolean canBeFirst(Datom datom) {
    return (reading.isBuiltIn(datom.e()) || firstEntities.contains(datom.e()))
        && firstEntities.containsAll(reading.references(datom));
  }

  /** The definitions of attributes that are not composites, several at a time. */
  List<List<Datom>> attributeBatches() {
    List<List<Datom>> batches = new ArrayList<>();
    int count = 0;
    for (long id : attributes.keySet()) {
      if (count++ % ATTRIBUTE_COUNT == 0) {
        batches.add(new ArrayList<>());
      }
      batches.get(batches.size() - 1).addAll(definition(id, attributes));
    }
    return batches;
  }

  /** The definitions of composites, in the order in which they were made. */
  List<List<Datom>> composites() {
    return composites.keySet().stream().map(id -> definition(id, composites)).toList();
  }

  /** With the first ident that an attribute is to get; it needs one. */
  private List<Datom> definition(long id, Map<Long, List<Datom>> definitions) {
    List<Datom> named = new ArrayList<>(definitions.getOrDefault(id, List.of()));
    named.removeIf(datom -> reading.is(datom, BuiltIns.IDENT));
    named.add(ident(id, olderNames.containsKey(id) ? olderNames.get(id).get(0) : lastName(id)));
    return named;
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

  /** Renamings, in their order: each older ident, and the present one. */
  List<List<Datom>> renamings() {
    List<List<Datom>> renamings = new ArrayList<>();
    olderNames.forEach(
        (id, older) -> {
          for (int i = 1; i <= older.size(); i++) {
            if (renamings.size() < i) {
              renamings.add(new ArrayList<>());
            }
            Keyword name = i < older.size() ? older.get(i) : lastName(id);
            renamings.get(i - 1).add(ident(id, name));
          }
        });
    return renamings;
  }

  /** Retractions of the idents that only this load has given. */
  List<Datom> unnamings() {
    return Stream.of(attributes, composites)
        .flatMap(definitions -> definitions.keySet().stream())
        .filter(id -> !idents.containsKey(id))
        .map(id -> ident(id, lastName(id)))
        .map(given -> new Datom(given.e(), given.a(), given.v(), 0, false))
        .toList();
  }

  /** Its present ident, or the one that it had last. */
  private Keyword lastName(long id) {
    Keyword present = idents.get(id);
    if (present != null) {
      return present;
    }
    Attribute attribute = reading.schema().attribute(id);
    return attribute != null && isFree(attribute.ident(), attribute)
        ? attribute.ident()
        : Keyword.intern(UNNAMED, "attribute-" + id);
  }

  private Datom ident(long id, Keyword name) {
    Attribute ident = reading.schema().attributeNamed(BuiltIns.IDENT);
    if (ident == null) {
      throw new IllegalStateException("a schema without :db/ident");
    }
    return new Datom(id, ident.id(), name, 0, true);
  }
}
