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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The schema section: a {@link Schema} as a map with readable keys, and back. */
final class SchemaCodec {
  private SchemaCodec() {}

  static Map<String, Object> toMap(Schema schema) {
    List<Object> attributes = new ArrayList<>();
    schema.attributes().forEach(attribute -> attributes.add(toMap(attribute)));
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("built-ins", flat(schema.builtIns()));
    map.put("attributes", attributes);
    map.put("reused-names", flat(schema.reusedNames()));
    Map<Long, Object> namesBefore = new TreeMap<>();
    schema.namesBefore().forEach((id, names) -> namesBefore.put(id, new ArrayList<>(names)));
    putUnlessEmpty(map, "names-before", flat(namesBefore));
    return map;
  }

  private static List<Object> flat(Map<?, ?> map) {
    List<Object> flat = new ArrayList<>();
    new TreeMap<>(map)
        .forEach(
            (key, value) -> {
              flat.add(key);
              flat.add(value);
            });
    return flat;
  }

  private static <K, V> Map<K, V> pairs(
      Object flat, Function<Object, K> keyOf, Function<Object, V> valueOf) {
    List<?> list = (List<?>) flat;
    Map<K, V> map = new HashMap<>();
    for (int i = 0; i < list.size(); i += 2) {
      map.put(keyOf.apply(list.get(i)), valueOf.apply(list.get(i + 1)));
    }
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

  static Schema fromMap(Map<?, ?> map) throws MalformedValueException {
    List<Attribute> attributes = new ArrayList<>();
    for (Object attribute : (List<?>) TransitDecoder.required(map, "attributes")) {
      attributes.add(attribute((Map<?, ?>) attribute));
    }
    Object namesBefore = map.get("names-before"); // absent for none, and in older segments
    return new Schema(
        attributes,
        pairs(TransitDecoder.required(map, "built-ins"), SchemaCodec::id, SchemaCodec::keyword),
        pairs(TransitDecoder.required(map, "reused-names"), SchemaCodec::keyword, SchemaCodec::id),
        namesBefore instanceof List<?>
            ? pairs(namesBefore, SchemaCodec::id, SchemaCodec::keywords)
            : Map.of());
  }

  private static Attribute attribute(Map<?, ?> map) throws MalformedValueException {
    Object unique = map.get("unique");
    Object tupleType = map.get("tuple-type");
    return new Attribute(
        (Long) TransitDecoder.required(map, "id"),
        keyword(TransitDecoder.required(map, "ident")),
        Set.copyOf(keywords(map.get("names"))),
        keyword(TransitDecoder.required(map, "value-type")),
        (Boolean) TransitDecoder.required(map, "many"),
        unique == null ? null : keyword(unique),
        keywords(map.get("tuple-attrs")),
        keywords(map.get("tuple-types")),
        tupleType == null ? null : keyword(tupleType));
  }

  private static List<Keyword> keywords(@Nullable Object list) {
    return list == null ? List.of() : ((List<?>) list).stream().map(SchemaCodec::keyword).toList();
  }

  private static Keyword keyword(Object value) {
    return (Keyword) value;
  }

  private static Long id(Object value) {
    return (Long) value;
  }
}
