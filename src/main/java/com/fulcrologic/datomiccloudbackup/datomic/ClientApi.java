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
  private static final String NAMESPACE = "datomic.client.api";

  static {
    Clojure.var("clojure.core", "require").invoke(Clojure.read(NAMESPACE));
  }

  static final IFn CLIENT = Clojure.var(NAMESPACE, "client");
  static final IFn CONNECT = Clojure.var(NAMESPACE, "connect");
  static final IFn CREATE_DATABASE = Clojure.var(NAMESPACE, "create-database");
  static final IFn DELETE_DATABASE = Clojure.var(NAMESPACE, "delete-database");
  static final IFn LIST_DATABASES = Clojure.var(NAMESPACE, "list-databases");
  static final IFn DB = Clojure.var(NAMESPACE, "db");
  static final IFn SYNC = Clojure.var(NAMESPACE, "sync");
  static final IFn AS_OF = Clojure.var(NAMESPACE, "as-of");
  static final IFn HISTORY = Clojure.var(NAMESPACE, "history");
  static final IFn TX_RANGE = Clojure.var(NAMESPACE, "tx-range");
  static final IFn TRANSACT = Clojure.var(NAMESPACE, "transact");
  static final IFn DATOMS = Clojure.var(NAMESPACE, "datoms");
  static final IFn INDEX_RANGE = Clojure.var(NAMESPACE, "index-range");

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
