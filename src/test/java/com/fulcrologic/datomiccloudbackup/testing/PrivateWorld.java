package com.fulcrologic.datomiccloudbackup.testing;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Customers and their orders, with values that nobody may see: each has {@link #CANARY} in it. They
 * are asserted, replaced, retracted, given back and moved, joined by equal values in two
 * attributes, and parts of composites.
 */
public final class PrivateWorld {
  /** Part of every private string. */
  public static final String CANARY = "canary";

  /** The private long that the world begins with. */
  public static final long CANARY_NUMBER = 4_711_0815L;

  private PrivateWorld() {}

  /** Writes the history into an empty database. */
  public static void fill(DatomicConnection connection) {
    transact(
        connection,
        "[[:db/add \"early\" :db/doc \"an entity before any attribute\"]]",
        "["
            + attribute("customer/number", "long", ":db/unique :db.unique/identity")
            + attribute("customer/email", "string", ":db/unique :db.unique/identity")
            + attribute("customer/name", "string", "")
            + attribute("customer/ssn", "long", ":db/unique :db.unique/value")
            + attribute("customer/score", "double", "")
            + attribute("customer/referrer", "ref", "")
            + attribute("customer/level", "ref", "")
            + "{:db/ident :customer/phones :db/valueType :db.type/string"
            + " :db/cardinality :db.cardinality/many}"
            + "{:db/ident :customer/home :db/valueType :db.type/tuple"
            + " :db/cardinality :db.cardinality/one"
            + " :db/tupleTypes [:db.type/string :db.type/ref]}"
            + attribute("order/number", "long", ":db/unique :db.unique/identity")
            + attribute("order/customer", "ref", "")
            + attribute("order/contact", "string", "")
            + attribute("order/note", "string", "")
            + "{:db/ident :level/gold} {:db/ident :level/tin}]",
        "[{:db/ident :customer/email+number :db/valueType :db.type/tuple"
            + " :db/cardinality :db.cardinality/one :db/unique :db.unique/value"
            + " :db/tupleAttrs [:customer/email :customer/number]}]");
    for (int i = 0; i < 20; i++) {
      transact(
          connection,
          "[{:db/id \"c\" :customer/number "
              + i
              + " :customer/email \"canary"
              + i
              + "@x.org\""
              + " :customer/name \"Canary canary "
              + i
              + "\""
              + " :customer/ssn "
              + (CANARY_NUMBER + i)
              + " :customer/score "
              + i
              + ".5"
              + " :customer/level "
              + (i % 2 == 0 ? ":level/gold" : ":level/tin")
              + " :customer/phones [\"canary "
              + i
              + "\" \"canary "
              + (i + 1)
              + "\"]"
              + (i > 0 ? " :customer/referrer [:customer/number " + (i - 1) + "]" : "")
              + "} {:order/number "
              + i
              + " :order/customer \"c\""
              + " :order/contact \"canary"
              + i
              + "@x.org\" :order/note \"note "
              + i
              + "\"}]");
    }
    for (int i = 0; i < 20; i += 3) {
      String customer = "[:customer/number " + i + "]";
      transact(
          connection,
          "[[:db/add " + customer + " :customer/name \"Canary canary renamed\"]]",
          "[[:db/retract "
              + customer
              + " :customer/phones \"canary "
              + i
              + "\"]"
              + " [:db/add \"x\" :customer/number "
              + i
              + "] [:db/add \"x\" :customer/home [\"canary lane\" \"x\"]]]",
          "[[:db/add " + customer + " :customer/email \"canary-new" + i + "@x.org\"]]");
    }
    transact(
        connection,
        // the address of one customer becomes that of another, and of a new one
        "[[:db/retract [:customer/number 1] :customer/email \"canary1@x.org\"]"
            + " [:db/add [:customer/number 2] :customer/email \"canary1@x.org\"]]",
        "[[:db/retract [:customer/number 2] :customer/email \"canary1@x.org\"]]",
        "[[:db/add \"new\" :customer/email \"canary1@x.org\"]"
            + " [:db/add \"new\" :customer/number 100]]",
        "[[:db/add [:customer/number 1] :customer/email \"canary1@y.org\"]]",
        "[[:db/retractEntity [:customer/number 7]]]",
        "[[:db/add \"datomic.tx\" :db/doc \"a note\"]]");
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

  private static void transact(DatomicConnection connection, String... forms) {
    for (String each : forms) {
      connection.transact((List<?>) Edn.read(each));
    }
  }

  /** Every value that a database holds or ever held, one a line. */
  public static String everythingIn(DatomicConnection connection) {
    try (Stream<Transaction> log = connection.txRange(new TxRange(0, connection.basisT() + 1))) {
      return log.flatMap(transaction -> transaction.datoms().stream())
          .map(datom -> Edn.write(datom.v()))
          .collect(Collectors.joining("\n"));
    }
  }

  /** All datoms, or the present ones, of an attribute, as in {@code "customer/email"}. */
  public static List<Datom> datomsOf(DatomicConnection connection, View view, String ident) {
    try (Stream<Datom> datoms = connection.datoms(view, Index.AEVT, Keyword.intern(ident))) {
      return datoms.toList();
    }
  }
}
