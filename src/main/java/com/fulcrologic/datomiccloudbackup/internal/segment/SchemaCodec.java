package com.fulcrologic.datomiccloudbackup.internal.segment;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The schema section: a {@link Schema} as a map with readable keys, and back. */
final class SchemaCodec {

  private SchemaCodec() {}

  static Map<String, Object> toMap(Schema schema) {
    ArrayList<Object> attributes = new ArrayList<>();
    schema.attributes().forEach(attribute -> attributes.add(toMap(attribute)));
    ArrayList<Object> builtIns = new ArrayList<>();
    new TreeMap<>(schema.builtIns())
        .forEach(
            (id, ident) -> {
              builtIns.add(id);
              builtIns.add(ident);
            });
    ArrayList<Object> reusedNames = new ArrayList<>();
    new TreeMap<>(schema.reusedNames())
        .forEach(
            (name, id) -> {
              reusedNames.add(name);
              reusedNames.add(id);
            });
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("built-ins", builtIns);
    map.put("attributes", attributes);
    map.put("reused-names", reusedNames);
    ArrayList<Object> namesBefore = new ArrayList<>();
    schema
        .namesBefore()
        .forEach(
            (id, names) -> {
              namesBefore.add(id);
              namesBefore.add(new ArrayList<>(names));
            });
    putUnlessEmpty(map, "names-before", namesBefore);
    return map;
  }

  private static Map<String, Object> toMap(Attribute attribute) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", attribute.id());
    map.put("ident", attribute.ident());
    putUnlessEmpty(map, "names", new TreeSet<>(attribute.names()));
    map.put("value-type", attribute.valueType());
    map.put("many", attribute.many());
    putUnlessNull(map, "unique", attribute.unique());
    putUnlessEmpty(map, "tuple-attrs", attribute.tupleAttrs());
    putUnlessEmpty(map, "tuple-types", attribute.tupleTypes());
    putUnlessNull(map, "tuple-type", attribute.tupleType());
    return map;
  }

  private static void putUnlessNull(Map<String, Object> map, String key, @Nullable Object value) {
    if (value != null) {
      map.put(key, value);
    }
  }

  private static void putUnlessEmpty(Map<String, Object> map, String key, Collection<?> values) {
    if (!values.isEmpty()) {
      map.put(key, new ArrayList<>(values));
    }
  }

  /**
   * @throws MalformedValueException or a RuntimeException when the map is no schema
   */
  static Schema fromMap(Map<?, ?> map) throws MalformedValueException {
    List<Attribute> attributes = new ArrayList<>();
    for (Object attribute : (List<?>) HeaderCodec.required(map, "attributes")) {
      attributes.add(attribute((Map<?, ?>) attribute));
    }
    Map<Long, Keyword> builtIns = new HashMap<>();
    List<?> idsAndIdents = (List<?>) HeaderCodec.required(map, "built-ins");
    for (int i = 0; i < idsAndIdents.size(); i += 2) {
      builtIns.put((Long) idsAndIdents.get(i), keyword(idsAndIdents.get(i + 1)));
    }
    Map<Keyword, Long> reusedNames = new HashMap<>();
    List<?> namesAndIds = (List<?>) HeaderCodec.required(map, "reused-names");
    for (int i = 0; i < namesAndIds.size(); i += 2) {
      reusedNames.put(keyword(namesAndIds.get(i)), (Long) namesAndIds.get(i + 1));
    }
    return new Schema(attributes, builtIns, reusedNames, namesBefore(map));
  }

  /** The key is absent if there are none, and in segments from before it was introduced. */
  private static Map<Long, List<Keyword>> namesBefore(Map<?, ?> map) {
    Object idsAndNames = map.get("names-before");
    Map<Long, List<Keyword>> namesBefore = new HashMap<>();
    if (idsAndNames instanceof List<?> list) {
      for (int i = 0; i < list.size(); i += 2) {
        namesBefore.put(
            (Long) list.get(i),
            ((List<?>) list.get(i + 1)).stream().map(SchemaCodec::keyword).toList());
      }
    }
    return namesBefore;
  }

  private static Attribute attribute(Map<?, ?> map) throws MalformedValueException {
    Object unique = map.get("unique");
    Object tupleType = map.get("tuple-type");
    return new Attribute(
        (Long) HeaderCodec.required(map, "id"),
        keyword(HeaderCodec.required(map, "ident")),
        Set.copyOf(keywords(map, "names")),
        keyword(HeaderCodec.required(map, "value-type")),
        (Boolean) HeaderCodec.required(map, "many"),
        unique == null ? null : keyword(unique),
        keywords(map, "tuple-attrs"),
        keywords(map, "tuple-types"),
        tupleType == null ? null : keyword(tupleType));
  }

  private static List<Keyword> keywords(Map<?, ?> map, String key) {
    Object list = map.get(key);
    return list == null ? List.of() : ((List<?>) list).stream().map(SchemaCodec::keyword).toList();
  }

  private static Keyword keyword(Object value) {
    return (Keyword) value;
  }
}
