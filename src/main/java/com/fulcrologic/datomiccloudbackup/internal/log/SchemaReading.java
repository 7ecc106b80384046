package com.fulcrologic.datomiccloudbackup.internal.log;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Collects a schema from the indexes of a database, datom by datom. Mutable; one thread. */
public final class SchemaReading {
  /** The attributes to read, beside the history of {@code :db/ident}, as of the same t. */
  private static final List<Keyword> PROPERTIES =
      List.of(
          BuiltIns.VALUE_TYPE,
          BuiltIns.CARDINALITY,
          BuiltIns.UNIQUE,
          BuiltIns.TUPLE_ATTRS,
          BuiltIns.TUPLE_TYPE,
          BuiltIns.TUPLE_TYPES);

  private final Map<Long, List<Datom>> idents = new HashMap<>();
  private final Map<Long, Keyword> builtIns = new HashMap<>();
  private final Set<Keyword> builtInsKnown = new HashSet<>();
  private final Map<Long, Map<Keyword, Object>> properties = new HashMap<>();

  private SchemaReading() {}

  /**
   * The schema of a database right after {@code t}: all attributes, with every name that each ever
   * had.
   */
  public static Schema schemaAfter(long t, DatomicConnection connection) {
    View view = View.asOf(t);
    SchemaReading reading = new SchemaReading();
    try (Stream<Datom> datoms = connection.datoms(view.withHistory(), Index.AEVT, BuiltIns.IDENT)) {
      datoms.forEach(reading::ident);
    }
    for (Keyword property : PROPERTIES) {
      if (reading.builtInsKnown.contains(property)) { // older databases lack the newer
        try (Stream<Datom> datoms = connection.datoms(view, Index.AEVT, property)) {
          datoms.forEach(datom -> reading.property(property, datom));
        }
      }
    }
    return reading.schema();
  }

  /** Takes a datom of the history of {@code :db/ident}. */
  private void ident(Datom datom) {
    idents.computeIfAbsent(datom.e(), id -> new ArrayList<>(1)).add(datom);
    if (datom.added()
        && datom.v() instanceof Keyword ident
        && BuiltIns.isBuiltIn(datom.e(), ident)) {
      builtIns.put(datom.e(), BuiltIns.known(ident));
      builtInsKnown.add(ident);
    }
  }

  /** Takes a datom of one of {@link #PROPERTIES}. */
  private void property(Keyword property, Datom datom) {
    properties.computeIfAbsent(datom.e(), id -> new HashMap<>()).put(property, datom.v());
  }

  private Schema schema() {
    List<Attribute> attributes = new ArrayList<>();
    properties.forEach(
        (id, values) -> {
          Object valueType = values.get(BuiltIns.VALUE_TYPE);
          if (valueType != null) {
            attributes.add(attribute(id, Attribute.valueType(builtIn(valueType)), values));
          }
        });
    return new Schema(attributes, builtIns, lastBearers(attributes), namesBefore(attributes));
  }

  /** The names of entities that are no attributes, and may become such. */
  private Map<Long, List<Keyword>> namesBefore(List<Attribute> attributes) {
    Set<Long> known = new HashSet<>(builtIns.keySet());
    attributes.forEach(attribute -> known.add(attribute.id()));
    Map<Long, List<Keyword>> names = new HashMap<>();
    for (Long id : idents.keySet()) {
      if (Transaction.isAmongSchema(id) && !known.contains(id)) {
        names.put(id, namesOf(id));
      }
    }
    return names;
  }

  private Attribute attribute(long id, Keyword valueType, Map<Keyword, Object> values) {
    List<Keyword> names = namesOf(id);
    return new Attribute(
        id,
        names.isEmpty() ? Attribute.UNNAMED : names.get(names.size() - 1),
        new LinkedHashSet<>(names),
        valueType,
        BuiltIns.CARDINALITY_MANY.equals(builtIn(values.get(BuiltIns.CARDINALITY))),
        builtIn(values.get(BuiltIns.UNIQUE)),
        keywords(values.get(BuiltIns.TUPLE_ATTRS)),
        keywords(values.get(BuiltIns.TUPLE_TYPES)),
        values.get(BuiltIns.TUPLE_TYPE) instanceof Keyword type ? type : null);
  }

  private Map<Keyword, Long> lastBearers(List<Attribute> attributes) {
    Map<Keyword, Datom> latest = new HashMap<>();
    for (Attribute attribute : attributes) {
      for (Datom datom : idents.getOrDefault(attribute.id(), List.of())) {
        if (datom.added()) {
          latest.merge(
              (Keyword) datom.v(), datom, (one, other) -> one.tx() > other.tx() ? one : other);
        }
      }
    }
    Map<Keyword, Long> bearers = new HashMap<>();
    latest.forEach((name, datom) -> bearers.put(name, datom.e()));
    return bearers;
  }

  /** In the order in which they were given. */
  private List<Keyword> namesOf(long id) {
    return idents.getOrDefault(id, List.of()).stream()
        .filter(Datom::added)
        .sorted(Comparator.comparingLong(Datom::tx))
        .map(datom -> (Keyword) datom.v())
        .toList();
  }

  private @Nullable Keyword builtIn(@Nullable Object reference) {
    return reference instanceof Number id ? builtIns.get(id.longValue()) : null;
  }

  private static List<Keyword> keywords(@Nullable Object tuple) {
    List<Keyword> keywords = new ArrayList<>();
    if (tuple instanceof List<?> elements) {
      for (Object element : elements) {
        if (element instanceof Keyword keyword) {
          keywords.add(keyword);
        }
      }
    }
    return keywords;
  }
}
