package com.fulcrologic.datomiccloudbackup.datomic;

import clojure.java.api.Clojure;
import clojure.lang.IDeref;
import clojure.lang.IFn;
import clojure.lang.RT;

/**
 * The functions of {@code datomic.client.api}, which has no Java API of its own. The first use of
 * this class loads them, which takes seconds.
 */
final class ClientApi {
  static final IFn CLIENT;
  static final IFn CONNECT;
  static final IFn CREATE_DATABASE;
  static final IFn DELETE_DATABASE;
  static final IFn LIST_DATABASES;
  static final IFn DB;
  static final IFn SYNC;
  static final IFn AS_OF;
  static final IFn HISTORY;
  static final IFn TX_RANGE;
  static final IFn TRANSACT;
  static final IFn DATOMS;
  static final IFn INDEX_RANGE;

  static {
    String namespace = "datomic.client.api";
    Clojure.var("clojure.core", "require").invoke(Clojure.read(namespace));
    CLIENT = Clojure.var(namespace, "client");
    CONNECT = Clojure.var(namespace, "connect");
    CREATE_DATABASE = Clojure.var(namespace, "create-database");
    DELETE_DATABASE = Clojure.var(namespace, "delete-database");
    LIST_DATABASES = Clojure.var(namespace, "list-databases");
    DB = Clojure.var(namespace, "db");
    SYNC = Clojure.var(namespace, "sync");
    AS_OF = Clojure.var(namespace, "as-of");
    HISTORY = Clojure.var(namespace, "history");
    TX_RANGE = Clojure.var(namespace, "tx-range");
    TRANSACT = Clojure.var(namespace, "transact");
    DATOMS = Clojure.var(namespace, "datoms");
    INDEX_RANGE = Clojure.var(namespace, "index-range");
  }

  private ClientApi() {}

  /** Whether the functions accept the object as a connection. */
  static boolean isConnection(Object object) {
    return satisfies("Connection", object);
  }

  /** Whether the functions accept the object as a client. */
  static boolean isClient(Object object) {
    return satisfies("Client", object);
  }

  private static boolean satisfies(String protocol, Object object) {
    Object known = ((IDeref) Clojure.var("datomic.client.api.protocols", protocol)).deref();
    return RT.booleanCast(Clojure.var("clojure.core", "satisfies?").invoke(known, object));
  }
}
