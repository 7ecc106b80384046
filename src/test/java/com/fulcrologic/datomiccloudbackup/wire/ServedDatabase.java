package com.fulcrologic.datomiccloudbackup.wire;

import clojure.lang.IPersistentMap;
import clojure.lang.IPersistentVector;
import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import clojure.lang.RT;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One database behind the wire. The wire has no floats: a Double that comes for an attribute of
 * type float is made one, as Cloud does. Thread-safe.
 */
final class ServedDatabase {
  private static final Keyword FLOAT = Keyword.intern("db.type", "float");
  private static final Keyword VALUE_TYPE = Keyword.intern("db", "valueType");
  private static final Keyword TUPLE_TYPES = Keyword.intern("db", "tupleTypes");
  private static final Keyword TUPLE_TYPE = Keyword.intern("db", "tupleType");
  private static final Keyword IDENT = Keyword.intern("db", "ident");
  private static final Object SELECTOR =
      RT.vector(
          RT.map(VALUE_TYPE, RT.vector(IDENT)), TUPLE_TYPES, RT.map(TUPLE_TYPE, RT.vector(IDENT)));

  private final LocalApi api;
  private final String name;
  private final String id;
  private final Object connection;
  private final Map<Object, Types> types = new ConcurrentHashMap<>();

  /** Whether an attribute's values, or elements of its tuples, are floats. */
  private record Types(boolean isFloat, boolean areAllFloats, List<?> elements) {
    boolean isFloat(int element) {
      return areAllFloats || (element < elements.size() && FLOAT.equals(elements.get(element)));
    }
  }

  ServedDatabase(LocalApi api, String name, String id) {
    this.api = api;
    this.name = name;
    this.id = id;
    this.connection = api.connect(name);
  }

  String name() {
    return name;
  }

  String id() {
    return id;
  }

  Object connection() {
    return connection;
  }

  long basisT() {
    return LocalApi.basisT(api.db(connection));
  }

  /** The database as of a t, or its history up to that. */
  Object db(long asOfT, boolean isHistory) {
    Object db = api.db(connection);
    db = asOfT < LocalApi.basisT(db) ? api.asOf(db, asOfT) : db;
    return isHistory ? api.history(db) : db;
  }

  Object transact(List<?> txData) {
    List<Object> forms = new ArrayList<>();
    txData.forEach(form -> forms.add(typed(form)));
    return api.transact(
        connection, RT.map(Keyword.intern("tx-data"), PersistentVector.create(forms)));
  }

  private Object typed(Object form) {
    if (form instanceof IPersistentMap map) {
      IPersistentMap typed = map;
      for (Object entry : map) {
        Map.Entry<?, ?> each = (Map.Entry<?, ?>) entry;
        typed = typed.assoc(each.getKey(), typed(each.getKey(), each.getValue()));
      }
      return typed;
    }
    List<@Nullable Object> parts = new ArrayList<>((List<?>) form);
    for (int i = 3; i < parts.size(); i++) {
      parts.set(i, typed(Objects.requireNonNull(parts.get(2)), parts.get(i)));
    }
    return PersistentVector.create(parts);
  }

  private @Nullable Object typed(Object attribute, @Nullable Object value) {
    if (value instanceof Double number && types(attribute).isFloat()) {
      return number.floatValue();
    }
    if (value instanceof IPersistentVector elements && hasDouble(elements)) {
      Types known = types(attribute);
      List<@Nullable Object> typed = new ArrayList<>();
      for (int i = 0; i < elements.count(); i++) {
        Object element = elements.nth(i);
        typed.add(
            element instanceof Double number && known.isFloat(i) ? number.floatValue() : element);
      }
      return PersistentVector.create(typed);
    }
    return value;
  }

  private static boolean hasDouble(IPersistentVector elements) {
    return ((List<?>) elements).stream().anyMatch(element -> element instanceof Double);
  }

  private Types types(Object attribute) {
    Types known = types.get(attribute);
    if (known == null) {
      Object pulled = api.pull(api.db(connection), SELECTOR, attribute);
      Object ofTuple = RT.get(RT.get(pulled, TUPLE_TYPE), IDENT);
      Object elements = RT.get(pulled, TUPLE_TYPES);
      known =
          new Types(
              FLOAT.equals(RT.get(RT.get(pulled, VALUE_TYPE), IDENT)),
              FLOAT.equals(ofTuple),
              elements instanceof List<?> list ? list : List.of());
      types.put(attribute, known);
    }
    return known;
  }
}
