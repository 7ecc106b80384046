package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The caller's filters, resolved from idents to the source's attribute ids: the attributes to leave
 * out of the target, and those to rewrite. An ident means every attribute that ever had it.
 * Immutable.
 */
public final class AttributeFilter {
  /** The attributes without which there is no schema, or no time. */
  private static final Set<Keyword> INDISPENSABLE =
      Set.of(
          BuiltIns.IDENT,
          BuiltIns.VALUE_TYPE,
          BuiltIns.CARDINALITY,
          BuiltIns.TUPLE_ATTRS,
          BuiltIns.TUPLE_TYPE,
          BuiltIns.TUPLE_TYPES,
          BuiltIns.TX_INSTANT);

  private final Set<Long> excluded = new HashSet<>();
  private final Map<Long, UnaryOperator<Object>> rewrites = new HashMap<>();
  private final Set<Keyword> idents = new TreeSet<>();
  private final Set<String> unmatched = new TreeSet<>();
  private final Set<String> known = new TreeSet<>(); // filled for an unmatched ident only

  /**
   * @param newest the schema at the end of the stored log, with every name that an attribute ever
   *     had
   * @throws InvalidConfigurationException when a filter names an attribute that cannot be filtered
   */
  public AttributeFilter(RestoreOptions options, Schema newest) {
    options
        .excludedAttributes()
        .forEach(
            ident -> {
              for (Attribute attribute : bearersOf(ident, newest)) {
                requireExcludable(attribute, newest);
                excluded.add(attribute.id());
              }
            });
    options
        .rewrites()
        .forEach(
            (ident, rewrite) -> {
              for (Attribute attribute : bearersOf(ident, newest)) {
                requirePlain(attribute);
                rewrites.put(attribute.id(), rewrite);
              }
            });
  }

  /** Whether there is anything to filter. */
  public static boolean isNeeded(RestoreOptions options) {
    return !options.excludedAttributes().isEmpty() || !options.rewrites().isEmpty();
  }

  /** Whether the filter changes nothing. */
  boolean isEmpty() {
    return excluded.isEmpty() && rewrites.isEmpty();
  }

  /** The source's attributes that it concerns. */
  public SortedSet<Long> attributeIds() {
    SortedSet<Long> ids = new TreeSet<>(excluded);
    ids.addAll(rewrites.keySet());
    return ids;
  }

  /**
   * Makes sure that the target holds no value that this filter would have left out or rewritten.
   *
   * @param standsAt the schema at the target's position
   * @param atClaim the attributes that it concerned when the target was claimed
   * @throws TargetNotRestorableException when an attribute has taken a filtered ident only later
   */
  public void requireKept(Schema standsAt, Set<Long> atClaim) {
    for (Long id : attributeIds()) {
      Attribute restored = atClaim.contains(id) ? null : standsAt.attribute(id);
      if (restored != null && restored.names().stream().noneMatch(idents::contains)) {
        throw new TargetNotRestorableException(
            "Failed to continue in the target: attribute "
                + restored.ident()
                + ", whose values are restored already, has since taken one of the filtered idents "
                + idents,
            "restore into a new database: there it is filtered from its beginning");
      }
    }
  }

  /** Whether the attribute with this id is left out. */
  public boolean excludes(long attributeId) {
    return !excluded.isEmpty() && excluded.contains(attributeId);
  }

  /** Whether it rewrites any attribute. */
  boolean rewrites() {
    return !rewrites.isEmpty();
  }

  boolean rewrites(long attributeId) {
    return !rewrites.isEmpty() && rewrites.containsKey(attributeId);
  }

  /** The value as it goes into the target. */
  Object rewrite(long attributeId, Object value) {
    UnaryOperator<Object> rewrite = rewrites.isEmpty() ? null : rewrites.get(attributeId);
    return rewrite == null ? value : rewritten(rewrite, value);
  }

  /** Idents that no attribute of the stored log ever had. */
  public Set<String> unmatched() {
    return unmatched;
  }

  /** All idents that attributes of the stored log ever had; empty when no ident is unmatched. */
  public Set<String> known() {
    return known;
  }

  private List<Attribute> bearersOf(String text, Schema newest) {
    Keyword ident = Edn.keyword(text);
    if (INDISPENSABLE.contains(ident)) {
      throw new InvalidConfigurationException(
          "Failed to set up the filters: " + ident + " is indispensable",
          "filter the attributes of your own schema");
    }
    idents.add(ident);
    List<Attribute> bearers =
        newest.attributes().stream()
            .filter(attribute -> attribute.names().contains(ident))
            .toList();
    if (bearers.isEmpty()) {
      unmatched.add(ident.toString());
      newest.attributes().stream()
          .flatMap(attribute -> attribute.names().stream())
          .forEach(name -> known.add(name.toString()));
    }
    return bearers;
  }

  /**
   * Datomic computes composites from their components, and refuses equal ones if they are unique.
   */
  private static void requireExcludable(Attribute attribute, Schema newest) {
    if (attribute.isComposite()) {
      throw new InvalidConfigurationException(
          "Failed to set up the filters: "
              + attribute.ident()
              + " cannot be excluded, since Datomic computes it",
          "exclude its components instead: " + attribute.tupleAttrs());
    }
    for (Attribute composite : newest.attributes()) {
      if (composite.unique() != null
          && composite.tupleAttrs().stream()
              .anyMatch(name -> attribute.equals(newest.attributeNamed(name)))) {
        throw new InvalidConfigurationException(
            "Failed to set up the filters: "
                + attribute.ident()
                + " cannot be excluded, since "
                + composite.ident()
                + ", which is unique, is computed from it",
            "rewrite it instead, so that different values stay different");
      }
    }
  }

  private static void requirePlain(Attribute attribute) {
    if (attribute.isRef()
        || attribute.isComposite()
        || BuiltIns.isBuiltIn(attribute.id(), attribute.ident())) {
      throw cannotRewrite(attribute);
    }
  }

  private static InvalidConfigurationException cannotRewrite(Attribute attribute) {
    return new InvalidConfigurationException(
        "Failed to set up the filters: values of "
            + attribute.ident()
            + " cannot be rewritten, since they are references, computed, or schema",
        "rewrite attributes that hold plain values, or exclude this one");
  }

  /** The refusal of a rewrite that changes a reference in a tuple. */
  static InvalidConfigurationException redirects(Attribute attribute, long t) {
    return new InvalidConfigurationException(
        "Failed to restore t "
            + t
            + ": the rewrite of "
            + attribute.ident()
            + " changes a reference in a tuple",
        "leave references in tuples as they are, or make them nil");
  }

  private static Object rewritten(UnaryOperator<Object> rewrite, Object value) {
    @Nullable Object result = rewrite.apply(value);
    if (result == null) {
      throw new InvalidConfigurationException(
          "Failed to rewrite a value: the function returned null",
          "return a value of the attribute's own type, or exclude the attribute");
    }
    return result;
  }
}
