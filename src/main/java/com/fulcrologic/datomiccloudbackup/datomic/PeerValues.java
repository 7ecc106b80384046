package com.fulcrologic.datomiccloudbackup.datomic;

import clojure.lang.IPersistentMap;
import clojure.lang.Keyword;
import clojure.lang.PersistentArrayMap;
import clojure.lang.PersistentVector;
import clojure.lang.RT;
import datomic.Peer;
import datomic.functions.Fn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Database functions as values, and back, where the peer library is on the class path. */
final class PeerValues {
  private static final List<Keyword> PARTS =
      List.of(
          Keyword.intern("lang"),
          Keyword.intern("imports"),
          Keyword.intern("requires"),
          Keyword.intern("params"),
          Keyword.intern("code"));

  private PeerValues() {}

  /** The value as callers know it. */
  static Object known(Object value) {
    if (!(value instanceof Fn)) {
      return value;
    }
    @Nullable Object[] parts = new Object[2 * PARTS.size()];
    for (int i = 0; i < PARTS.size(); i++) {
      parts[2 * i] = PARTS.get(i);
      parts[2 * i + 1] = RT.get(value, PARTS.get(i));
    }
    return new DatabaseFunction(Edn.write(new PersistentArrayMap(parts)));
  }

  /** The forms of a transaction, with functions as the peer library knows them. */
  static List<Object> forms(List<?> txData) {
    List<Object> forms = new ArrayList<>(txData.size());
    for (Object form : txData) {
      forms.add(form instanceof PersistentVector vector ? withFunctions(vector) : form);
    }
    return forms;
  }

  private static Object withFunctions(PersistentVector form) {
    PersistentVector vector = form;
    for (int i = 0; i < vector.count(); i++) {
      if (vector.nth(i) instanceof DatabaseFunction function) {
        vector = vector.assocN(i, Peer.function((Map<?, ?>) parts(function)));
      }
    }
    return vector;
  }

  private static IPersistentMap parts(DatabaseFunction function) {
    return (IPersistentMap) Edn.read(function.edn());
  }
}
