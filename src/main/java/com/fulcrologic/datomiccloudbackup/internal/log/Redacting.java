package com.fulcrologic.datomiccloudbackup.internal.log;

import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies a {@link Redaction} to a log, transaction by transaction. The result is the log that the
 * database would have without the datoms of the rules: a composite has nil in place of a left-out
 * component, and one that does not change so is not mentioned. It depends on the rules and on the
 * log up to the transaction alone, so that all writers agree. Mutable; one thread.
 */
public final class Redacting {
  private final Redaction rules;
  private final Schema schema;
  private final Set<Long> erased;
  private final Set<Long> leftOut = new HashSet<>();
  private final Set<Keyword> leftOutNames = new HashSet<>();
  private final boolean isWriting;
  private int schemaVersion = -1;

  /**
   * Applies rules that were followed when the backup was written.
   *
   * @param schema as of right before the first transaction; advanced by each {@link #next}
   */
  public Redacting(Redaction rules, Schema schema) {
    this(rules, schema, /* isWriting= */ false);
  }

  /** The same for a writer: refuses what no restore could follow. */
  public static Redacting forWriting(Redaction rules, Schema schema) {
    return new Redacting(rules, schema, /* isWriting= */ true);
  }

  private Redacting(Redaction rules, Schema schema, boolean isWriting) {
    this.isWriting = isWriting;
    this.rules = rules;
    this.schema = schema;
    this.erased = rules.erased();
  }

  /**
   * The next transaction of the log, without the datoms of the rules; it may have none left.
   *
   * @throws InvalidConfigurationException for a writer, when by now a composite cannot be computed
   *     without the left-out attributes
   */
  public Transaction next(Transaction transaction) {
    if (rules.isEmpty()) {
      return transaction;
    }
    schema.apply(transaction);
    readSchema();
    List<@Nullable Datom> kept = new ArrayList<>(transaction.datoms().size());
    Map<List<Object>, Integer> shortened = new HashMap<>();
    for (Datom datom : transaction.datoms()) {
      if (!erased.contains(datom.e()) && !leftOut.contains(datom.a())) {
        Attribute attribute = schema.attribute(datom.a());
        if (attribute == null || !hidesPartOf(attribute)) {
          kept.add(datom);
        } else {
          addShortened(datom, attribute, shortened, kept);
        }
      }
    }
    return new Transaction(
        transaction.t(), transaction.tx(), kept.stream().filter(Objects::nonNull).toList());
  }

  /** Whether a component of the composite is left out, and another one is not. */
  private boolean hidesPartOf(Attribute attribute) {
    return attribute.isComposite()
        && attribute.tupleAttrs().stream().anyMatch(leftOutNames::contains)
        && !leftOutNames.containsAll(attribute.tupleAttrs());
  }

  /** Whether any composite has a component that is left out. */
  public boolean shortensComposites() {
    readSchema();
    return schema.attributes().stream()
        .anyMatch(each -> !Collections.disjoint(each.tupleAttrs(), leftOutNames));
  }

  /**
   * Requires that a restore can compute the composites, as of now. Without one of its components, a
   * unique composite may have equal values, which are refused. If two attributes have had the name
   * of a component, a value does not show of which one it is.
   *
   * @param everUnique attributes that count as unique, whatever they are now
   */
  void requireComputable(Set<Long> everUnique) {
    readSchema();
    for (Attribute composite : schema.attributes()) {
      if (hidesAnother(composite)) {
        throw new InvalidConfigurationException(
            ("Failed to follow the rules: %s is computed from a name that two attributes have had, "
                    + "and not both are left out")
                .formatted(composite.ident()),
            "leave out both attributes that have, or had, the name; a backup that has begun needs"
                + " another name for it");
      }
      boolean isUnique = composite.unique() != null || everUnique.contains(composite.id());
      if (isUnique && hidesPartOf(composite)) {
        throw new InvalidConfigurationException(
            ("Failed to follow the rules: %s, which is unique or was, is computed from an attribute "
                    + "to leave out")
                .formatted(composite.ident()),
            ("leave out all of %s, or none, since equal values of the others would be refused; a "
                    + "backup that has begun needs another name for it")
                .formatted(composite.tupleAttrs()));
      }
    }
  }

  /** Whether a component is hidden since another attribute, a left-out one, has had its name. */
  private boolean hidesAnother(Attribute composite) {
    return composite.tupleAttrs().stream()
        .filter(leftOutNames::contains)
        .map(schema::attributeNamed)
        .anyMatch(component -> component != null && !leftOut.contains(component.id()));
  }

  /** A retraction and an assertion that hiding makes equal are no change. */
  private void addShortened(
      Datom datom,
      Attribute composite,
      Map<List<Object>, Integer> shortened,
      List<@Nullable Datom> kept) {
    List<@Nullable Object> values = new ArrayList<>((List<?>) datom.v());
    for (int i = 0; i < values.size(); i++) {
      if (leftOutNames.contains(composite.tupleAttrs().get(i))) {
        values.set(i, null);
      }
    }
    if (values.stream().allMatch(Objects::isNull)) {
      return;
    }
    Datom left =
        new Datom(datom.e(), datom.a(), PersistentVector.create(values), datom.tx(), datom.added());
    List<Object> key = List.of(left.e(), left.a(), Values.canonical(left.v()));
    Integer index = shortened.putIfAbsent(key, kept.size());
    Datom other = index == null ? null : kept.get(index);
    if (index == null || other == null) {
      kept.add(left);
    } else if (other.added() != left.added()) {
      kept.set(index, null);
      shortened.remove(key);
    }
  }

  /** Finds the attributes anew when the schema has changed. */
  private void readSchema() {
    if (schemaVersion == schema.version()) {
      return;
    }
    schemaVersion = schema.version();
    Set<Long> ids = rules.leftOutIds();
    leftOutNames.addAll(rules.leftOutIdents());
    for (Attribute attribute : schema.attributes()) {
      boolean isNamed = !Collections.disjoint(attribute.names(), rules.leftOutIdents());
      if (schema.builtIn(attribute.id()) == null && (isNamed || ids.contains(attribute.id()))) {
        leftOut.add(attribute.id());
        leftOutNames.addAll(attribute.names());
      }
    }
    for (Attribute attribute : schema.attributes()) {
      if (attribute.isComposite() && leftOutNames.containsAll(attribute.tupleAttrs())) {
        leftOut.add(attribute.id()); // nothing is left of its values
      }
    }
    if (isWriting) {
      requireComputable(Set.of());
    }
  }
}
