package com.fulcrologic.datomiccloudbackup.internal.upkeep;

import clojure.lang.Keyword;
import clojure.lang.PersistentVector;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A database with people to forget, written for the tests of copies: components in components, a
 * person with two addresses of mail over time, references to a person, an attribute that is
 * renamed, and a composite of a secret. Each secret value begins with the same letters.
 */
final class PrivateShop {
  static final String CANARY = "c4n4ry";

  /** What no copy that leaves out the secrets, and forgets Ann, may hold. */
  static final String ANN = CANARY + "-ann";

  static final String SSN = CANARY + "-ssn";

  private PrivateShop() {}

  static void fill(DatomicConnection connection) {
    transact(
        connection,
        "[" + attribute("user/email", "string", ":db/unique :db.unique/identity"),
        attribute("user/ssn", "string", ""),
        attribute("user/age", "long", ""),
        attribute("user/address", "ref", ":db/isComponent true"),
        attribute("address/room", "ref", ":db/isComponent true"),
        attribute("note/text", "string", ""),
        attribute("user/friend", "ref", ""),
        attribute("audit/by", "string", "") + "]");
    transact(
        connection,
        "[{:db/ident :user/age+ssn :db/valueType :db.type/tuple"
            + " :db/cardinality :db.cardinality/one :db/tupleAttrs [:user/age :user/ssn]}"
            + " {:db/ident :user/only-ssn :db/valueType :db.type/tuple"
            + " :db/cardinality :db.cardinality/one :db/tupleAttrs [:user/ssn :user/ssn]}]");
    for (int i = 0; i < 4; i++) {
      transact(
          connection,
          "[{:user/email \"u" + i + "@example.com\" :user/age " + (20 + i),
          ":user/ssn \"" + SSN + i + "\"}]");
    }
    transact(
        connection,
        "[{:db/id \"ann\" :user/email \"" + ANN + "@example.com\" :user/ssn \"" + SSN + "-ann\"",
        ":user/age 33 :user/friend [:user/email \"u1@example.com\"]",
        ":user/address {:note/text \"" + ANN + " street\"",
        ":address/room {:note/text \"" + ANN + " room\"}}}",
        "[:db/add [:user/email \"u2@example.com\"] :user/friend \"ann\"]",
        "{:db/id \"datomic.tx\" :audit/by \"an auditor\"}]");
    transact(connection, "[{:user/email \"u0@example.com\" :user/ssn \"" + SSN + "-new\"}]");
    transact(connection, "[{:user/email \"u0@example.com\" :user/age 21}]");
    transact(connection, "[[:db/retract [:user/email \"u1@example.com\"] :user/ssn]]");
    transact(connection, "[[:db/retract [:user/email \"u2@example.com\"] :user/age]]");
    transact(connection, "[{:db/id :user/ssn :db/ident :person/ssn}]");
    transact(
        connection,
        "[{:db/id [:user/email \"" + ANN + "@example.com\"] :user/email \"" + ANN + "@new.com\"",
        ":person/ssn \"" + SSN + "-ann-new\"}]");
    transact(connection, "[{:db/id [:user/email \"" + ANN + "@new.com\"] :user/age 34}]");
  }

  /** Adds some more of both, as a live source does. */
  static void grow(DatomicConnection connection, int round) {
    transact(
        connection,
        "[{:user/email \"later" + round + "@example.com\" :person/ssn \"" + SSN + round + "\"",
        ":user/age " + round + "}",
        "{:db/id [:user/email \"" + ANN + "@new.com\"] :user/age " + (100 + round) + "}]");
  }

  private static String attribute(String ident, String type, String more) {
    return "{:db/ident :"
        + ident
        + " :db/valueType :db.type/"
        + type
        + " :db/cardinality :db.cardinality/one "
        + more
        + "}";
  }

  static void transact(DatomicConnection connection, String... edn) {
    connection.transact((List<?>) Edn.read(String.join(" ", edn)));
  }

  /** The id of an entity or an attribute by a datom that it ever had. */
  static long entity(DatomicConnection connection, Object value) {
    try (Stream<Transaction> log = log(connection)) {
      return log.flatMap(transaction -> transaction.datoms().stream())
          .filter(datom -> datom.v().equals(value))
          .findFirst()
          .orElseThrow()
          .e();
    }
  }

  static Keyword keyword(String name) {
    return Keyword.intern(name);
  }

  static Stream<Transaction> log(DatomicConnection connection) {
    return connection.txRange(new TxRange(0, connection.basisT() + 1));
  }

  /** Ann, her address and the room in it. */
  static Set<Long> annAndHers(DatomicConnection connection) {
    return new HashSet<>(
        List.of(
            entity(connection, ANN + "@example.com"),
            entity(connection, ANN + " street"),
            entity(connection, ANN + " room")));
  }

  /**
   * The log without entities and attributes, by a rule of the tests alone: a composite is what is
   * left of it, and no change of it is none.
   */
  static DatomicConnection without(
      DatomicConnection source, Set<Long> erased, Set<Long> attributes) {
    Map<Long, List<Object>> composites = new HashMap<>();
    Map<Object, Long> ids = new HashMap<>();
    try (Stream<Transaction> log = log(source)) {
      log.flatMap(transaction -> transaction.datoms().stream())
          .forEach(
              datom -> {
                if (datom.v() instanceof Keyword name && datom.added()) {
                  ids.putIfAbsent(name, datom.e());
                } else if (datom.v() instanceof List<?> names
                    && names.stream().allMatch(Keyword.class::isInstance)) {
                  composites.put(datom.e(), List.copyOf(names));
                }
              });
    }
    return new ForwardingConnection(source) {
      @Override
      public Stream<Transaction> txRange(TxRange range) {
        return super.txRange(range).map(this::shortened);
      }

      private Transaction shortened(Transaction transaction) {
        Map<List<Object>, Datom> kept = new LinkedHashMap<>();
        for (Datom datom : transaction.datoms()) {
          if (erased.contains(datom.e()) || attributes.contains(datom.a())) {
            continue;
          }
          Object value = datom.v();
          List<Object> names = composites.get(datom.a());
          if (names != null && value instanceof List<?> elements) {
            List<Object> left = new ArrayList<>(elements);
            for (int i = 0; i < left.size(); i++) {
              if (attributes.contains(ids.get(names.get(i)))) {
                left.set(i, null);
              }
            }
            value = PersistentVector.create(left);
            if (left.stream().allMatch(Objects::isNull)) {
              continue;
            }
          }
          Datom changed = new Datom(datom.e(), datom.a(), value, datom.tx(), datom.added());
          List<Object> fact = List.of(datom.e(), datom.a(), value);
          if (kept.remove(fact) == null) {
            kept.put(fact, changed);
          }
        }
        return new Transaction(transaction.t(), transaction.tx(), new ArrayList<>(kept.values()));
      }
    };
  }
}
