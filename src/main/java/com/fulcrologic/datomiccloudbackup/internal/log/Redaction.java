package com.fulcrologic.datomiccloudbackup.internal.log;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.RedactionRule;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.internal.tools.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rules by which datoms are left out of a backup: those of attributes, and those of entities.
 * Holds idents and entity ids, and no value. Immutable.
 *
 * @param rules in the order in which they were given; each rule once
 */
public record Redaction(List<Rule> rules) {
  public static final Redaction NONE = new Redaction(List.of());

  /** Entities that the rules of one backup erase at most. */
  public static final int ERASED_COUNT_MAX = 100_000;

  /** Attributes that the rules of one backup leave out at most. */
  public static final int LEFT_OUT_COUNT_MAX = 1_000;

  private static final int ID_LENGTH = 12;

  public Redaction {
    rules = List.copyOf(rules);
  }

  public sealed interface Rule permits LeftOut, Erased {
    /** Twelve hexadecimal digits: equal for equal rules. */
    String id();
  }

  /**
   * Leaves out an attribute, under each ident that it ever had.
   *
   * @param ident the ident that names it
   * @param ids the attributes that had the ident at any time when the rule was made
   */
  public record LeftOut(Keyword ident, SortedSet<Long> ids) implements Rule {
    public LeftOut {
      ids = Collections.unmodifiableSortedSet(new TreeSet<>(ids));
    }

    @Override
    public String id() {
      return idOf("leave-out " + ident + " " + joined(ids));
    }
  }

  public record Erased(SortedSet<Long> ids) implements Rule {
    public Erased {
      ids = Collections.unmodifiableSortedSet(new TreeSet<>(ids));
    }

    @Override
    public String id() {
      return idOf("erase " + joined(ids));
    }
  }

  /** The ids in ascending order, as claims and the ids of rules state them. */
  public static String joined(SortedSet<Long> ids) {
    return ids.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static String idOf(String text) {
    return Sha256.hex(text.getBytes(StandardCharsets.UTF_8)).substring(0, ID_LENGTH);
  }

  public boolean isEmpty() {
    return rules.isEmpty();
  }

  public SortedSet<String> ruleIds() {
    return rules.stream().map(Rule::id).collect(Collectors.toCollection(TreeSet::new));
  }

  /** The attributes that are left out, by the idents of the rules. */
  public Set<Keyword> leftOutIdents() {
    return rules(LeftOut.class).map(LeftOut::ident).collect(Collectors.toSet());
  }

  /** The rules, for callers of the library. */
  public List<RedactionRule> described() {
    return rules.stream()
        .map(
            rule ->
                rule instanceof LeftOut leftOut
                    ? new RedactionRule(rule.id(), Optional.of(leftOut.ident().toString()), 0)
                    : new RedactionRule(rule.id(), Optional.empty(), ((Erased) rule).ids().size()))
        .toList();
  }

  /** These rules, then those of the other one that are not among them. */
  public Redaction and(Redaction other) {
    List<Rule> all = new ArrayList<>(rules);
    Set<String> ids = new HashSet<>(ruleIds());
    other.rules.stream().filter(rule -> ids.add(rule.id())).forEach(all::add);
    Redaction both = new Redaction(all);
    long erasedCount = both.described().stream().mapToLong(RedactionRule::erasedEntityCount).sum();
    if (erasedCount > ERASED_COUNT_MAX || both.leftOutIdents().size() > LEFT_OUT_COUNT_MAX) {
      throw new InvalidConfigurationException(
          "Failed to set up the rules: they erase %s entities, and leave out %s attributes"
              .formatted(erasedCount, both.leftOutIdents().size()),
          "one backup records "
              + ERASED_COUNT_MAX
              + " entities and "
              + LEFT_OUT_COUNT_MAX
              + " attributes at most: leave out whole attributes instead");
    }
    return both;
  }

  /** Whether an entity can be erased: it is no transaction, and no part of the schema. */
  public static boolean isErasable(long entity) {
    return entity >= 0
        && !Transaction.isAmongSchema(entity)
        && Transaction.partition(entity) != Transaction.partition(Transaction.entityId(0));
  }

  /** The rule that erases these entities; no rule for none. */
  public static Redaction erasing(Collection<Long> entities) {
    for (long entity : entities) {
      if (!isErasable(entity)) {
        throw new InvalidConfigurationException(
            ("Failed to set up the rules: entity %s is a transaction or part of the schema, and "
                    + "cannot be erased")
                .formatted(entity),
            "erase entities of your own data; leave out an attribute to remove its values");
      }
    }
    return entities.isEmpty()
        ? NONE
        : NONE.and(new Redaction(List.of(new Erased(new TreeSet<>(entities)))));
  }

  /**
   * The rules that leave out attributes.
   *
   * @param newest the schema, with every name that an attribute ever had
   * @param everUnique attributes that were unique before
   * @throws InvalidConfigurationException when one names no attribute, or one that cannot be left
   *     out by the newest schema
   */
  public static Redaction leavingOut(
      Collection<String> idents, Schema newest, Set<Long> everUnique) {
    Redaction redaction = NONE;
    for (String text : idents) {
      AttributePattern pattern = AttributePattern.of(text);
      List<Attribute> bearers = bearersOf(pattern, newest);
      SortedSet<Long> ids = new TreeSet<>();
      for (Attribute bearer : bearers) {
        requireLeavable(bearer);
        ids.add(bearer.id());
      }
      redaction = redaction.and(new Redaction(List.of(new LeftOut(pattern.name(), ids))));
    }
    new Redacting(redaction, newest).requireComputable(everUnique);
    return redaction;
  }

  private static List<Attribute> bearersOf(AttributePattern pattern, Schema newest) {
    List<Attribute> bearers =
        newest.attributes().stream()
            .filter(attribute -> attribute.names().contains(pattern.name()))
            .toList();
    if (bearers.isEmpty()) {
      throw new InvalidConfigurationException(
          "Failed to set up the rules: no attribute has ever been named " + pattern,
          "name each attribute by an ident that it has or had, like :person/email");
    }
    return bearers;
  }

  private static void requireLeavable(Attribute attribute) {
    if (attribute.names().stream().anyMatch(name -> BuiltIns.isBuiltIn(attribute.id(), name))) {
      throw new InvalidConfigurationException(
          "Failed to set up the rules: " + attribute.ident() + " is Datomic's own",
          "leave out attributes of your own schema");
    }
    if (attribute.isComposite()) {
      throw new InvalidConfigurationException(
          "Failed to set up the rules: %s cannot be left out, since Datomic computes it"
              .formatted(attribute.ident()),
          "leave out its components instead: " + attribute.tupleAttrs());
    }
  }

  /** The entities that any rule erases. */
  Set<Long> erased() {
    return rules(Erased.class).flatMap(rule -> rule.ids().stream()).collect(Collectors.toSet());
  }

  Set<Long> leftOutIds() {
    return rules(LeftOut.class).flatMap(rule -> rule.ids().stream()).collect(Collectors.toSet());
  }

  private <R extends Rule> Stream<R> rules(Class<R> kind) {
    return rules.stream().filter(kind::isInstance).map(kind::cast);
  }
}
