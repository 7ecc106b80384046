package com.fulcrologic.datomiccloudbackup.internal.log;

import clojure.lang.Keyword;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The built-ins of a database, and their values from its bootstrap. Immutable.
 *
 * @param values a reference to a built-in is given as its ident
 */
public record BaseSchema(Map<Keyword, Long> ids, Map<Subject, Set<Object>> values) {
  /** A built-in entity, and a built-in attribute for which it has values. */
  record Subject(Keyword entity, Keyword attribute) {}

  public BaseSchema {
    ids = Map.copyOf(ids);
    values = Map.copyOf(values);
  }

  /** The id of the built-in with this ident; null when the database lacks it. */
  public @Nullable Long id(Keyword ident) {
    return ids.get(ident);
  }

  /** Whether the bootstrap gives the built-in a value for the attribute. */
  public boolean states(Keyword entity, Keyword attribute) {
    return values.containsKey(new Subject(entity, attribute));
  }

  /**
   * Whether the bootstrap gives the built-in this value for the attribute.
   *
   * @param value a reference is given as its ident
   */
  public boolean states(Keyword entity, Keyword attribute, Object value) {
    return values.getOrDefault(new Subject(entity, attribute), Set.of()).contains(value);
  }
}
