package com.fulcrologic.datomiccloudbackup.datomic;

import clojure.lang.Keyword;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gives each value the class of its attribute's type, for every client, so that a log has one
 * content and one hash. The wire has no floats: they arrive as doubles. A database in memory
 * returns an Integer or a Short if one was written for a long. A BigInteger and a BigInt stay
 * unchanged: {@code TransactionHash} treats them as equal. Thread-safe.
 *
 * <p>An attribute's type never changes, so a type is read once. The types are read again when a
 * value has a newer attribute.
 */
final class ValueTypes {
  private static final Keyword IDENT = Keyword.intern("db", "ident");
  private static final Keyword VALUE_TYPE = Keyword.intern("db", "valueType");
  private static final Keyword TUPLE_TYPE = Keyword.intern("db", "tupleType");
  private static final Keyword TUPLE_TYPES = Keyword.intern("db", "tupleTypes");
  private static final Keyword TUPLE_ATTRS = Keyword.intern("db", "tupleAttrs");
  private static final Keyword FLOAT = Keyword.intern("db.type", "float");

  private final boolean isRemote;
  private volatile Floats floats = Floats.NONE;

  ValueTypes(boolean isRemote) {
    this.isRemote = isRemote;
  }

  /** Reads all datoms that one attribute ever had, on any entity. */
  interface Reader extends Function<Keyword, Stream<Datom>> {}

  /**
   * The attributes with floats.
   *
   * @param attributes all known attributes
   * @param plain the attributes whose values are floats
   * @param tuples for attributes whose values are tuples with floats, the elements that are floats;
   *     one entry for all elements of a homogeneous tuple
   */
  private record Floats(
      Set<Long> attributes, Set<Long> plain, Map<Long, List<Boolean>> tuples, Set<Long> uniform) {
    static final Floats NONE = new Floats(Set.of(), Set.of(), Map.of(), Set.of());

    boolean isElement(long attribute, int index) {
      List<Boolean> elements = tuples.getOrDefault(attribute, List.of());
      return uniform.contains(attribute) || (index < elements.size() && elements.get(index));
    }
  }

  /** The value in the class of its type. */
  Object typed(long attribute, Object value, Reader reader) {
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Date date && date.getClass() != Date.class) {
      return Date.from(Instant.ofEpochMilli(date.getTime())); // a java.sql.Date has no instant
    }
    if (isRemote && value instanceof Double number) {
      return floatsFor(attribute, reader).plain().contains(attribute)
          ? (Object) number.floatValue()
          : number;
    }
    return value instanceof List<?> elements ? typedTuple(attribute, elements, reader) : value;
  }

  private Object typedTuple(long attribute, List<?> elements, Reader reader) {
    List<@Nullable Object> typed = new ArrayList<>(elements.size());
    boolean isChanged = false;
    for (int i = 0; i < elements.size(); i++) {
      Object element = elements.get(i);
      Object now = element == null ? null : typedElement(attribute, i, element, reader);
      isChanged |= now != element;
      typed.add(now);
    }
    return isChanged ? clojure.lang.PersistentVector.create(typed) : elements;
  }

  private Object typedElement(long attribute, int index, Object element, Reader reader) {
    if (isRemote && element instanceof Double number) {
      return floatsFor(attribute, reader).isElement(attribute, index)
          ? (Object) number.floatValue()
          : number;
    }
    return typed(attribute, element, reader);
  }

  private Floats floatsFor(long attribute, Reader reader) {
    Floats known = floats;
    if (!known.attributes().contains(attribute)) {
      known = read(reader);
      floats = known;
    }
    return known;
  }

  private static Floats read(Reader reader) {
    Map<Keyword, Long> named = new HashMap<>();
    each(reader, IDENT, datom -> named.put((Keyword) datom.v(), datom.e()));
    Long floatType = named.get(FLOAT);
    Set<Long> attributes = new HashSet<>();
    Set<Long> plain = new HashSet<>();
    each(
        reader,
        VALUE_TYPE,
        datom -> {
          attributes.add(datom.e());
          if (datom.v().equals(floatType)) {
            plain.add(datom.e());
          }
        });
    Set<Long> uniform = new HashSet<>();
    Map<Long, List<Boolean>> tuples = new HashMap<>();
    if (named.containsKey(TUPLE_TYPES)) { // a base schema may be older than tuples
      each(
          reader,
          TUPLE_TYPE,
          datom -> {
            if (FLOAT.equals(datom.v())) {
              uniform.add(datom.e());
            }
          });
      each(reader, TUPLE_TYPES, datom -> tuples.put(datom.e(), flags(datom, FLOAT::equals)));
      each(
          reader,
          TUPLE_ATTRS,
          datom -> tuples.put(datom.e(), flags(datom, name -> plain.contains(named.get(name)))));
    }
    return new Floats(attributes, plain, tuples, uniform);
  }

  private static List<Boolean> flags(Datom datom, Function<Object, Boolean> isFloat) {
    return ((List<?>) datom.v()).stream().<Boolean>map(isFloat).toList();
  }

  private static void each(
      Reader reader, Keyword attribute, java.util.function.Consumer<Datom> consumer) {
    try (Stream<Datom> datoms = reader.apply(attribute)) {
      datoms.forEach(consumer);
    }
  }
}
