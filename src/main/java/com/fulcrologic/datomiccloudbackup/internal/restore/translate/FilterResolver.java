package com.fulcrologic.datomiccloudbackup.internal.restore.translate;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.Mask;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.AttributePattern;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the source's attributes that a caller's filters mean, and refuses those that cannot be
 * filtered so. Used once, by {@link AttributeFilter}; one thread.
 */
final class FilterResolver {
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

  private final Schema newest;
  private final Set<Long> masked = new HashSet<>();

  /** The attributes to leave out, composites of nothing included. */
  final Set<Long> excluded = new HashSet<>();

  final Map<Long, UnaryOperator<Object>> rewrites = new HashMap<>();

  /** Of the attributes to rewrite, those whose different values stay different. */
  final Set<Long> distinct = new HashSet<>();

  /** Those named to be excluded, rewritten or masked. */
  final Named filtered = new Named(new TreeSet<>(), new TreeSet<>());

  final Named included = new Named(new TreeSet<>(), new TreeSet<>());

  /** The patterns that mean no attribute. */
  final Set<String> unmatched = new TreeSet<>();

  /** The attributes that have, or had, a name in filters of one kind, and these names. */
  record Named(SortedSet<Long> ids, SortedSet<AttributePattern> patterns) {
    boolean covers(Attribute attribute) {
      return patterns.stream().anyMatch(pattern -> pattern.matches(attribute.names()));
    }
  }

  /**
   * @param newest the schema at the end of the stored log, with every name that an attribute ever
   *     had
   * @throws InvalidConfigurationException when a filter names an attribute that cannot be filtered,
   *     or two filters contradict each other
   */
  FilterResolver(RestoreOptions options, Schema newest) {
    this.newest = newest;
    options.excludedAttributes().forEach(ident -> exclude(AttributePattern.of(ident)));
    Set<Long> explicit = Set.copyOf(excluded);
    if (!options.includedAttributes().isEmpty()) {
      include(options.includedAttributes());
    }
    options.rewrites().forEach(this::rewrite);
    mask(options, explicit);
    for (Attribute attribute : newest.attributes()) {
      if (attribute.isComposite()) {
        followComponents(attribute, options);
      }
    }
  }

  private void exclude(AttributePattern pattern) {
    for (Attribute attribute : bearersOf(pattern, filtered)) {
      if (attribute.isComposite()) {
        throw computed(attribute, "excluded", "exclude");
      }
      excluded.add(attribute.id());
    }
  }

  private void include(Set<String> idents) {
    for (String ident : idents) {
      AttributePattern pattern = AttributePattern.of(ident);
      List<Attribute> bearers = bearersOf(pattern, included);
      bearers.forEach(FilterResolver::requireIncludable);
      boolean isExcluded =
          !bearers.isEmpty() && bearers.stream().allMatch(each -> excluded.contains(each.id()));
      if (isExcluded || filtered.patterns().contains(pattern)) {
        throw new InvalidConfigurationException(
            "Failed to set up the filters: everything that " + pattern + " includes is excluded",
            "leave one of the two filters out");
      }
    }
    newest.attributes().stream()
        .filter(attribute -> isPlainOfUser(attribute) && !included.ids().contains(attribute.id()))
        .forEach(attribute -> excluded.add(attribute.id()));
  }

  private static void requireIncludable(Attribute attribute) {
    if (attribute.isComposite()) {
      throw computed(attribute, "included", "include");
    }
    if (!isPlainOfUser(attribute)) {
      throw new InvalidConfigurationException(
          ("Failed to set up the filters: %s need not be included: Datomic's own attributes "
                  + "always are")
              .formatted(attribute.ident()),
          "include the attributes of your own schema");
    }
  }

  private void rewrite(String ident, UnaryOperator<Object> rewrite) {
    for (Attribute attribute : bearersOf(AttributePattern.of(ident), filtered)) {
      requirePlain(attribute);
      rewrites.put(attribute.id(), rewrite);
    }
  }

  private void mask(RestoreOptions options, Set<Long> explicit) {
    if (options.masks().isEmpty()) {
      return;
    }
    Masking masking = options.maskSalt().map(Masking::new).orElse(null);
    options
        .masks()
        .forEach(
            (ident, mask) -> {
              List<Attribute> bearers = bearersOf(AttributePattern.of(ident), filtered);
              if (bearers.isEmpty()) {
                throw new InvalidConfigurationException(
                    "Failed to set up the masks: no attribute has ever been named " + ident,
                    "name one attribute for each mask, by an ident that it has or had");
              }
              for (Attribute attribute : bearers) {
                requireMaskable(attribute, mask, explicit);
                mask(attribute.id(), mask, masking);
              }
            });
  }

  private void mask(long attribute, Mask mask, @Nullable Masking masking) {
    if (mask.needsSalt() && masking == null) {
      throw new InvalidConfigurationException(
          "Failed to set up the masks: " + mask + " needs a salt, and none is given",
          "give a file of random bytes, and the same one to continue: "
              + "head -c 32 /dev/urandom > mask.salt");
    }
    if (mask.needsSalt()) {
      distinct.add(attribute);
    }
    switch (mask.kind()) {
      case NULL_OUT -> excluded.add(attribute);
      case TRUNCATE -> rewrites.put(attribute, value -> Masking.truncated(value, mask.length()));
      case HASH -> rewrites.put(attribute, Objects.requireNonNull(masking)::hashed);
      case FAKE -> rewrites.put(attribute, Objects.requireNonNull(masking)::faked);
    }
  }

  private void requireMaskable(Attribute attribute, Mask mask, Set<Long> explicit) {
    requirePlain(attribute);
    if (explicit.contains(attribute.id())
        || rewrites.containsKey(attribute.id())
        || !masked.add(attribute.id())) {
      throw new InvalidConfigurationException(
          ("Failed to set up the masks: %s is masked, and also excluded, rewritten or masked "
                  + "under another name")
              .formatted(attribute.ident()),
          "keep one of these filters");
    }
    if (!Masking.takes(mask, attribute.valueType())) {
      throw new InvalidConfigurationException(
          "Failed to set up the masks: %s cannot replace values of %s, of type %s"
              .formatted(mask, attribute.ident(), attribute.valueType()),
          "mask it with null-out, exclude it, or rewrite it in a program");
    }
    if (mask.kind() == Mask.Kind.TRUNCATE && (attribute.unique() != null || attribute.many())) {
      throw new InvalidConfigurationException(
          "Failed to set up the masks: %s%s%s can make different values equal"
              .formatted(
                  attribute.ident(),
                  attribute.many() ? " has many values, and " : " is unique, and ",
                  mask),
          "mask it with hash or fake");
    }
  }

  /**
   * The attributes that a pattern means; a namespace means those of users that are not computed.
   */
  private List<Attribute> bearersOf(AttributePattern pattern, Named named) {
    if (INDISPENSABLE.contains(pattern.name())) {
      throw new InvalidConfigurationException(
          "Failed to set up the filters: " + pattern + " is indispensable",
          "filter the attributes of your own schema");
    }
    named.patterns().add(pattern);
    List<Attribute> bearers =
        newest.attributes().stream()
            .filter(attribute -> pattern.matches(attribute.names()))
            .filter(attribute -> !pattern.isNamespace() || isPlainOfUser(attribute))
            .toList();
    bearers.forEach(attribute -> named.ids().add(attribute.id()));
    if (bearers.isEmpty()) {
      unmatched.add(pattern.toString());
    }
    return bearers;
  }

  private static boolean isPlainOfUser(Attribute attribute) {
    return !attribute.isComposite()
        && !BuiltIns.isBuiltIn(attribute.id(), attribute.ident())
        && !Bookkeeping.isBookkeeping(attribute.ident());
  }

  /**
   * A composite of nothing is none. If it is unique, Datomic refuses equal ones: all components are
   * left out, or none.
   */
  private void followComponents(Attribute composite, RestoreOptions options) {
    List<Attribute> components =
        composite.tupleAttrs().stream()
            .map(newest::attributeNamed)
            .filter(Objects::nonNull)
            .toList();
    if (!components.isEmpty()
        && components.stream().allMatch(each -> excluded.contains(each.id()))) {
      excluded.add(composite.id());
      return;
    }
    for (Attribute component : components) {
      boolean isShortened =
          excluded.contains(component.id())
              || options.masks().entrySet().stream()
                  .anyMatch(
                      each ->
                          each.getValue().kind() == Mask.Kind.TRUNCATE
                              && AttributePattern.of(each.getKey()).matches(component.names()));
      if (composite.unique() != null && isShortened) {
        throw new InvalidConfigurationException(
            ("Failed to set up the filters: %s cannot be left out or truncated, since %s, which "
                    + "is unique, is computed from it")
                .formatted(component.ident(), composite.ident()),
            ("keep it, and rewrite or mask it so that different values stay different; or leave "
                    + "out all of %s")
                .formatted(composite.tupleAttrs()));
      }
    }
  }

  private static InvalidConfigurationException computed(
      Attribute attribute, String done, String verb) {
    return new InvalidConfigurationException(
        "Failed to set up the filters: %s cannot be %s, since Datomic computes it"
            .formatted(attribute.ident(), done),
        verb + " its components instead: " + attribute.tupleAttrs());
  }

  private static void requirePlain(Attribute attribute) {
    if (attribute.isRef()
        || attribute.isComposite()
        || BuiltIns.isBuiltIn(attribute.id(), attribute.ident())) {
      throw new InvalidConfigurationException(
          ("Failed to set up the filters: values of %s cannot be rewritten or masked, since "
                  + "they are references, computed, or schema")
              .formatted(attribute.ident()),
          "rewrite or mask attributes that hold plain values, or exclude this one");
    }
  }
}
