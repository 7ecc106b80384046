package com.fulcrologic.datomiccloudbackup.testing;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a random world knows of itself, learned from its own log. Its order does not depend on the
 * partitions that Datomic picks, so that a seed makes the same world again.
 */
final class WorldModel {
  private static final int BOOTSTRAP_COUNT = 6; // in Local and in Pro
  private static final long INDEX_MASK = (1L << Transaction.INDEX_BITS) - 1;

  final Map<Long, Keyword> builtIns = new TreeMap<>();

  /** The built-ins that facts may be said of, and that references may lead to. */
  final Set<Long> mentionable = new TreeSet<>();

  /** Built-ins that another Datomic lacks. */
  final Set<String> avoided;

  WorldModel(Set<String> avoided) {
    this.avoided = avoided;
  }

  final Map<Long, Attribute> attributes = new TreeMap<>();
  final Set<Long> entities = new LinkedHashSet<>();
  final List<Long> transactions = new ArrayList<>();
  final Map<Keyword, Long> idents = new LinkedHashMap<>();

  /** By the value types that a user installed: the scalar type whose values they take. */
  final Map<Long, String> userTypes = new TreeMap<>();

  final Set<Keyword> idle = new LinkedHashSet<>();
  final Set<Fact> present = new LinkedHashSet<>();

  /** A datom of the present. */
  record Fact(long e, long a, Object v) {}

  /** An attribute as of now. */
  static final class Attribute {
    final long id;
    final List<Keyword> names = new ArrayList<>();
    String type = "";
    boolean many;
    boolean hasIdent;
    @Nullable Keyword unique;
    @Nullable Keyword tupleType;
    List<?> tupleTypes = List.of();
    List<?> tupleAttrs = List.of();

    Attribute(long id) {
      this.id = id;
    }

    Keyword name() {
      return names.get(names.size() - 1);
    }

    boolean isComposite() {
      return !tupleAttrs.isEmpty();
    }
  }

  /** Takes in a transaction of the log. */
  void learn(Transaction transaction) {
    transactions.add(transaction.tx());
    List<Datom> datoms = new ArrayList<>(transaction.datoms());
    datoms.sort(
        Comparator.comparing(Datom::added)
            .thenComparing(datom -> datom.e() & INDEX_MASK)
            .thenComparing(Datom::a)
            .thenComparing(
                datom ->
                    datom.v() instanceof Long id
                        ? String.valueOf(id & INDEX_MASK)
                        : String.valueOf(datom.v())));
    boolean isBootstrap = transactions.size() <= BOOTSTRAP_COUNT;
    datoms.forEach(datom -> learn(datom, isBootstrap));
  }

  private void learn(Datom datom, boolean isBootstrap) {
    boolean isIdent = datom.a() == 10; // in every Datomic
    if (isBootstrap) {
      if (isIdent) {
        builtIns.put(datom.e(), (Keyword) datom.v());
        if (!avoided.contains(datom.v().toString())) {
          mentionable.add(datom.e());
        }
      }
      return;
    }
    Fact fact = new Fact(datom.e(), datom.a(), datom.v());
    if (datom.added()) {
      present.add(fact);
    } else {
      present.remove(fact);
    }
    Keyword property = builtIns.get(datom.a());
    if (property == null || !property.toString().equals(":db/txInstant")) {
      entities.add(datom.e());
    }
    if (isIdent) {
      learnIdent(datom);
    }
    if (property != null
        && property.toString().equals(":fressian/tag")
        && !builtIns.containsKey(datom.e())) {
      userTypes.put(datom.e(), RandomValues.TYPES_BY_TAG.get(((Keyword) datom.v()).getName()));
    }
    if (property != null && property.toString().equals(":db/valueType")) {
      attributes.computeIfAbsent(datom.e(), Attribute::new);
    }
    if (property != null) {
      Attribute attribute = attributes.get(datom.e());
      if (attribute != null) {
        learn(attribute, property.toString(), datom);
        if (attribute.names.isEmpty()) {
          idents.forEach((name, id) -> rename(attribute, name, id));
        }
      }
    }
  }

  private static void rename(Attribute attribute, Keyword name, long id) {
    if (attribute.id == id) {
      attribute.names.add(name);
      attribute.hasIdent = true;
    }
  }

  private void learnIdent(Datom datom) {
    Keyword name = (Keyword) datom.v();
    if (datom.added()) {
      idents.put(name, datom.e());
      idle.remove(name);
    } else if (Long.valueOf(datom.e()).equals(idents.get(name))) {
      idents.remove(name);
      idle.add(name);
    }
  }

  private void learn(Attribute attribute, String property, Datom datom) {
    boolean added = datom.added();
    switch (property) {
      case ":db/ident" -> {
        attribute.hasIdent = added;
        if (added) {
          attribute.names.add((Keyword) datom.v());
        }
      }
      case ":db/valueType" -> {
        String userType = userTypes.get((Long) datom.v());
        attribute.type = userType == null ? named(datom.v()).getName() : userType;
      }
      case ":db/cardinality" -> {
        if (added) {
          attribute.many = named(datom.v()).getName().equals("many");
        }
      }
      case ":db/unique" -> attribute.unique = added ? named(datom.v()) : null;
      case ":db/tupleType" -> attribute.tupleType = (Keyword) datom.v();
      case ":db/tupleTypes" -> attribute.tupleTypes = (List<?>) datom.v();
      case ":db/tupleAttrs" -> attribute.tupleAttrs = (List<?>) datom.v();
      default -> {
        // nothing that decides what may be said
      }
    }
  }

  private Keyword named(Object id) {
    Keyword name = builtIns.get((Long) id);
    if (name == null) {
      throw new IllegalStateException(id + " is no built-in");
    }
    return name;
  }
}
