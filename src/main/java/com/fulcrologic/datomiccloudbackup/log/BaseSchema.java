package com.fulcrologic.datomiccloudbackup.log;

import clojure.lang.Keyword;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The built-ins of a database, and what its bootstrap says of them. Immutable. */
public final class BaseSchema {
  private final Map<Keyword, Long> ids;
  private final Set<Statement> statements;

  /** That a built-in has a value for a built-in attribute. */
  record Statement(Keyword entity, Keyword attribute) {}

  BaseSchema(Map<Keyword, Long> ids, Set<Statement> statements) {
    this.ids = Map.copyOf(ids);
    this.statements = new HashSet<>(statements);
  }

  /** The id of the built-in with this ident; null when the database lacks it. */
  public @Nullable Long id(Keyword ident) {
    return ids.get(ident);
  }

  /** Whether the bootstrap gives the built-in a value for the attribute. */
  public boolean states(Keyword entity, Keyword attribute) {
    return statements.contains(new Statement(entity, attribute));
  }
}
