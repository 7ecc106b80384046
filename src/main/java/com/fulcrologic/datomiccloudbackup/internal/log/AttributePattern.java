package com.fulcrologic.datomiccloudbackup.internal.log;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import java.util.Collection;

/**
 * The attributes that a filter names: by an ident, or by a namespace, as in {@code :person/*}.
 * Immutable.
 */
public record AttributePattern(Keyword name) implements Comparable<AttributePattern> {
  private static final String ALL = "*";

  public static AttributePattern of(String text) {
    return new AttributePattern(Edn.keyword(text));
  }

  public boolean isNamespace() {
    return name.getNamespace() != null && name.getName().equals(ALL);
  }

  public boolean matches(Collection<Keyword> names) {
    return isNamespace()
        ? names.stream().anyMatch(each -> name.getNamespace().equals(each.getNamespace()))
        : names.contains(name);
  }

  @Override
  public int compareTo(AttributePattern other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name.toString();
  }
}
