package com.fulcrologic.datomiccloudbackup.wire;

import clojure.java.api.Clojure;
import clojure.lang.IFn;
import clojure.lang.Keyword;
import clojure.lang.RT;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;

/** The functions of the client library, over a Datomic Local in memory: what is behind the wire. */
final class LocalApi {
  private static final String NAMESPACE = "datomic.client.api";

  static {
    Clojure.var("clojure.core", "require").invoke(Clojure.read(NAMESPACE));
  }

  private final String clientMap =
      "{:server-type :datomic-local :storage-dir :mem :system \"" + UUID.randomUUID() + "\"}";
  private final Object client = function("client").invoke(Clojure.read(clientMap));

  /** The client map of the system behind the wire. */
  String clientMap() {
    return clientMap;
  }

  void create(String database) {
    function("create-database").invoke(client, named(database));
  }

  void delete(String database) {
    function("delete-database").invoke(client, named(database));
  }

  Object connect(String database) {
    return function("connect").invoke(client, named(database));
  }

  Object db(Object connection) {
    return function("db").invoke(connection);
  }

  Object asOf(Object db, long t) {
    return function("as-of").invoke(db, t);
  }

  Object history(Object db) {
    return function("history").invoke(db);
  }

  Object transact(Object connection, Object arguments) {
    return function("transact").invoke(connection, arguments);
  }

  Object pull(Object db, Object selector, Object entity) {
    return function("pull").invoke(db, selector, entity);
  }

  /** All results of {@code datoms}, {@code index-range} or {@code tx-range}. */
  List<Object> all(String function, Object dbOrConnection, Object arguments) {
    List<Object> results = new ArrayList<>();
    Iterator<?> iterator = RT.iter(function(function).invoke(dbOrConnection, arguments));
    iterator.forEachRemaining(results::add);
    return results;
  }

  static long basisT(Object db) {
    return ((Number) RT.get(db, Keyword.intern("t"))).longValue();
  }

  private static Object named(String database) {
    return RT.map(Keyword.intern("db-name"), database);
  }

  private static IFn function(String name) {
    return Clojure.var(NAMESPACE, name);
  }
}
