package com.fulcrologic.datomiccloudbackup.internal.log;

import clojure.lang.Keyword;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An attribute as of some t.
 *
 * @param id its entity id in its own database
 * @param ident its ident at that t, or the last one it had
 * @param names every ident that it ever had up to that t
 * @param valueType the ident of its value type, as in {@code :db.type/long}, or {@link
 *     #TYPE_OF_USER}; never changes
 * @param many whether its cardinality is many
 * @param unique the ident of its uniqueness; null when it has none
 * @param tupleAttrs for a composite tuple, the idents of its components; else empty
 * @param tupleTypes for a heterogeneous tuple, the idents of its elements' types; else empty
 * @param tupleType for a homogeneous tuple, the ident of its elements' type; else null
 */
public record Attribute(
    long id,
    Keyword ident,
    Set<Keyword> names,
    Keyword valueType,
    boolean many,
    @Nullable Keyword unique,
    List<Keyword> tupleAttrs,
    List<Keyword> tupleTypes,
    @Nullable Keyword tupleType) {
  /** The ident of an attribute that never had one. */
  public static final Keyword UNNAMED = Keyword.intern("unnamed");

  /** Stands for every value type that a user installed; those may be renamed. */
  public static final Keyword TYPE_OF_USER = Keyword.intern("unnamed", "type");

  public Attribute {
    names = Set.copyOf(names);
    tupleAttrs = List.copyOf(tupleAttrs);
    tupleTypes = List.copyOf(tupleTypes);
  }

  public boolean isRef() {
    return valueType.equals(BuiltIns.TYPE_REF);
  }

  /** Whether its values are computed by Datomic from those of other attributes. */
  public boolean isComposite() {
    return !tupleAttrs.isEmpty();
  }

  /** Whether the element at {@code index} of its tuple values is a reference. */
  public boolean isRefElement(int index) {
    return BuiltIns.TYPE_REF.equals(elementType(index));
  }

  /** The type of the element at {@code index} of its tuple values; null for a composite. */
  @Nullable Keyword elementType(int index) {
    if (tupleType != null) {
      return tupleType;
    }
    return index < tupleTypes.size() ? tupleTypes.get(index) : null;
  }

  public boolean hasRefElements() {
    return BuiltIns.TYPE_REF.equals(tupleType) || tupleTypes.contains(BuiltIns.TYPE_REF);
  }
}
