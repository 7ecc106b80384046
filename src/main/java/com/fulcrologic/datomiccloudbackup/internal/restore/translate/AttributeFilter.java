package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.restore.translate.FilterResolver.Named;
import com.fulcrologic.datomiccloudbackup.internal.tools.Suggestions;
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
  private final FilterResolver resolved;
  private final Set<String> known = new TreeSet<>(); // filled for an unmatched ident only

  public AttributeFilter(RestoreOptions options, Schema newest) {
    resolved = new FilterResolver(options, newest);
    if (!resolved.unmatched.isEmpty()) {
      newest.attributes().stream()
          .flatMap(attribute -> attribute.names().stream())
          .forEach(name -> known.add(name.toString()));
    }
  }

  /** Makes sure that every ident names an attribute. */
  public AttributeFilter requireMatched() {
    for (String ident : resolved.unmatched) {
      throw new InvalidConfigurationException(
          "Failed to set up the filters: no attribute has ever been named %s%s"
              .formatted(ident, Suggestions.question(ident, known)),
          "name attributes by idents that they have or had; leave this filter out if it has none");
    }
    return this;
  }

  /** Whether the filter changes nothing. */
  boolean isEmpty() {
    return resolved.excluded.isEmpty() && resolved.rewrites.isEmpty();
  }

  /** The source's attributes that are named to be excluded, rewritten or masked. */
  public SortedSet<Long> filteredIds() {
    return resolved.filtered.ids();
  }

  /** The source's attributes that are named to be included. */
  public SortedSet<Long> includedIds() {
    return resolved.included.ids();
  }

  /**
   * Makes sure that the target holds the values that this filter asks for: none that it would have
   * left out or rewritten, and all that it includes. Takes the schema at the target's position.
   */
  public void requireKept(Schema standsAt, Set<Long> filteredAtClaim, Set<Long> includedAtClaim) {
    requireKept(standsAt, resolved.filtered, filteredAtClaim);
    requireKept(standsAt, resolved.included, includedAtClaim);
  }

  /**
   * Makes sure that a state is filtered as it was when the target was claimed: the same attributes
   * are filtered, so that it is cut into the same batches.
   */
  public void requireUnchanged(
      Schema schema, Set<Long> filteredAtClaim, Set<Long> includedAtClaim) {
    requireUnchanged(schema, resolved.filtered, filteredAtClaim);
    requireUnchanged(schema, resolved.included, includedAtClaim);
  }

  private static void requireUnchanged(Schema schema, Named named, Set<Long> atClaim) {
    for (Attribute attribute : schema.attributes()) {
      if (named.ids().contains(attribute.id()) != atClaim.contains(attribute.id())) {
        throw new TargetNotRestorableException(
            ("Failed to continue in the target: attribute %s has taken one of the filtered idents "
                    + "%s since the target was begun")
                .formatted(attribute.ident(), named.patterns()),
            "start again in a new database: there it is filtered from its beginning");
      }
    }
  }

  private static void requireKept(Schema standsAt, Named named, Set<Long> atClaim) {
    for (Long id : named.ids()) {
      Attribute restored = atClaim.contains(id) ? null : standsAt.attribute(id);
      if (restored != null && !named.covers(restored)) {
        throw new TargetNotRestorableException(
            ("Failed to continue in the target: attribute %s, which was restored by another name, "
                    + "has since taken one of the filtered idents %s")
                .formatted(restored.ident(), named.patterns()),
            "restore into a new database: there it is filtered from its beginning");
      }
    }
  }

  /** Whether the attribute with this id is left out. */
  public boolean excludes(long attributeId) {
    return !resolved.excluded.isEmpty() && resolved.excluded.contains(attributeId);
  }

  /** Whether it rewrites any attribute. */
  boolean rewrites() {
    return !resolved.rewrites.isEmpty();
  }

  boolean rewrites(long attributeId) {
    return !resolved.rewrites.isEmpty() && resolved.rewrites.containsKey(attributeId);
  }

  /** Whether a rewrite of this attribute may make two values equal. */
  boolean mayMerge(long attributeId) {
    return rewrites(attributeId) && !resolved.distinct.contains(attributeId);
  }

  /** The value as it goes into the target. */
  Object rewrite(long attributeId, Object value) {
    UnaryOperator<Object> rewrite =
        resolved.rewrites.isEmpty() ? null : resolved.rewrites.get(attributeId);
    if (rewrite == null) {
      return value;
    }
    @Nullable Object result = rewrite.apply(value);
    if (result == null) {
      throw new InvalidConfigurationException(
          "Failed to rewrite a value: the function returned null",
          "return a value of the attribute's own type, or exclude the attribute");
    }
    return result;
  }

  /** Idents that no attribute of the stored log ever had. */
  public Set<String> unmatched() {
    return resolved.unmatched;
  }

  /** All idents that attributes of the stored log ever had; empty when no ident is unmatched. */
  public Set<String> known() {
    return known;
  }

  /** The refusal of a rewrite that changes a reference in a tuple. */
  static InvalidConfigurationException redirects(Attribute attribute, long t) {
    return new InvalidConfigurationException(
        "Failed to restore t %s: the rewrite of %s changes a reference in a tuple"
            .formatted(t, attribute.ident()),
        "leave references in tuples as they are, or make them nil");
  }
}
