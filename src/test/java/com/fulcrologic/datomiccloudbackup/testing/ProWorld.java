package com.fulcrologic.datomiccloudbackup.testing;

import clojure.lang.Keyword;
import clojure.lang.RT;
import com.fulcrologic.datomiccloudbackup.datomic.DatabaseFunction;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import java.util.List;

/** Histories that only Datomic Pro can hold, one part for each thing that it has. */
public final class ProWorld {
  private static final Keyword FN = Keyword.intern("db", "fn");

  private ProWorld() {}

  /** All parts that Datomic Pro takes into another Pro. */
  public static void fill(DatomicConnection connection) {
    indexes(connection);
    partitions(connection);
    functions(connection);
    bytes(connection);
    aliases(connection);
    largeValues(connection);
  }

  /** Transacts forms in EDN. */
  public static TransactionReport transact(DatomicConnection connection, String forms) {
    return connection.transact((List<?>) Edn.read(forms));
  }

  /** Indexes and fulltext, from the beginning and later, alone and beside other changes. */
  public static void indexes(DatomicConnection connection) {
    transact(
        connection,
        "[{:db/ident :p/name :db/valueType :db.type/string :db/cardinality :db.cardinality/one"
            + " :db/fulltext true :db/index true}"
            + " {:db/ident :p/count :db/valueType :db.type/long :db/cardinality"
            + " :db.cardinality/many}]");
    transact(connection, "[[:db/add \"a\" :p/name \"a\"] [:db/add \"a\" :p/count 1]]");
    transact(connection, "[[:db/add :p/count :db/index true]]");
    transact(
        connection, "[[:db/add :p/count :db/index false] [:db/add :p/count :db/noHistory true]]");
    transact(connection, "[[:db/add :p/count :db/index true] [:db/add :p/count :db/doc \"n\"]]");
    transact(connection, "[[:db/retract :p/count :db/index true]]");
    transact(connection, "[[:db/add :db/doc :db/index true]]"); // of a built-in
    transact(connection, "[[:db/add \"b\" :p/name \"b\"] [:db/add \"b\" :db/doc \"b\"]]");
  }

  /** Named partitions, made in mid-life, and implicit ones. */
  public static void partitions(DatomicConnection connection) {
    transact(connection, "[[:db/add \"e\" :db/doc \"before\"]]");
    transact(
        connection,
        "[[:db/add \"p\" :db/ident :part/orders] [:db/add :db.part/db :db.install/partition"
            + " \"p\"]]");
    transact(
        connection,
        "[[:db/add \"e\" :db/doc \"in orders\"] [:db/add \"f\" :db/doc \"usual\"]"
            + " {:db/force-partition {\"e\" :part/orders}}]");
    transact(
        connection,
        "[[:db/add \"e\" :db/doc \"implicit\"] [:db/add \"f\" :db/doc \"implicit, too\"]"
            + " {:db/force-partition {\"e\" 524288 \"f\" 1048575}}]");
    transact(connection, "[[:db/add \"datomic.tx\" :db/doc \"a note\"]]");
  }

  /** Database functions of both languages, called, replaced, and installed in the older way. */
  public static void functions(DatomicConnection connection) {
    transact(connection, "[{:db/ident :f/add} {:db/ident :f/java}]");
    connection.transact(
        List.of(
            TxData.add(
                Keyword.intern("f", "add"),
                FN,
                new DatabaseFunction(
                    "{:lang :clojure, :imports [[java.util List]], :requires [[clojure.string :as"
                        + " s]], :params [db text], :code \"[[:db/add \\\"x\\\" :db/doc"
                        + " (s/upper-case text)]]\"}"))));
    transact(connection, "[[:f/add \"by a function\"]]");
    connection.transact(
        List.of(
            TxData.add(
                Keyword.intern("f", "java"),
                FN,
                new DatabaseFunction(
                    "{:lang :java, :imports [java.util.List], :requires nil, :params [db], :code"
                        + " \"return List.of();\"}"))));
    connection.transact(
        List.of(
            TxData.add(
                Keyword.intern("f", "add"),
                FN,
                new DatabaseFunction(
                    "{:lang :clojure, :imports nil, :requires nil, :params [db], :code \"[]\"}"))));
    transact(
        connection,
        "[{:db/id \"f\" :db/ident :f/old :db/lang :db.lang/clojure :db/code \"(fn [db] [])\"}"
            + " [:db/add :db.part/db :db.install/function \"f\"]]");
  }

  /** Bytes, with an attribute of cardinality one and of many, and retracted by content. */
  public static void bytes(DatomicConnection connection) {
    transact(
        connection,
        "[{:db/ident :p/bytes :db/valueType :db.type/bytes :db/cardinality :db.cardinality/one}"
            + " {:db/ident :p/more :db/valueType :db.type/bytes :db/cardinality"
            + " :db.cardinality/many :db/noHistory false}"
            + " {:db/ident :p/owner :db/valueType :db.type/ref :db/cardinality"
            + " :db.cardinality/one}]");
    Keyword one = Keyword.intern("p", "bytes");
    Keyword many = Keyword.intern("p", "more");
    long entity =
        connection
            .transact(
                List.of(
                    TxData.add("e", one, new byte[] {1, 2}),
                    TxData.add("e", many, new byte[] {}),
                    TxData.add("e", many, new byte[] {-1, 0}),
                    TxData.add("e", Keyword.intern("p", "owner"), one)))
            .tempids()
            .getOrDefault("e", -1L);
    connection.transact(List.of(TxData.add(entity, one, new byte[] {1, 3})));
    connection.transact(List.of(TxData.retract(entity, many, new byte[] {-1, 0})));
    connection.transact(
        List.of(
            RT.map(
                Keyword.intern("db", "ident"),
                one,
                Keyword.intern("db", "doc"),
                "said later of :p/bytes")));
  }

  /** References to built-ins by either of their idents. */
  public static void aliases(DatomicConnection connection) {
    transact(
        connection,
        "[{:db/ident :p/calls :db/valueType :db.type/ref :db/cardinality :db.cardinality/many}]");
    transact(
        connection,
        "[[:db/add \"e\" :p/calls :db/cas] [:db/add \"f\" :p/calls :db.fn/cas]"
            + " [:db/add \"f\" :p/calls :db.fn/retractEntity]]");
    transact(connection, "[[:db.fn/cas :p/calls :db/doc nil \"noted\"]]");
  }

  /** A string and a transaction beyond the limits of Local. */
  public static void largeValues(DatomicConnection connection) {
    transact(
        connection,
        "[{:db/ident :p/text :db/valueType :db.type/string :db/cardinality"
            + " :db.cardinality/one}]");
    connection.transact(List.of(TxData.add("e", Keyword.intern("p", "text"), "x".repeat(4_097))));
  }

  /** A request for an excision, which a database in memory only logs. */
  public static void excisionRequest(DatomicConnection connection) {
    transact(connection, "[[:db/add \"datomic.tx\" :db/doc \"to be excised\"]]");
    transact(connection, "[{:db/excise 17592186045418 :db.excise/beforeT 1000}]");
    transact(connection, "[[:db/add \"datomic.tx\" :db/doc \"after it\"]]");
  }
}
