package com.fulcrologic.datomiccloudbackup.internal.fold;

import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.Values;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Compares two states, datom for datom, in one pass over both. */
public final class StateEquality {
  private StateEquality() {}

  /** Whether both are the same state: what it is the state of, the schema, and all datoms. */
  public static boolean areEqual(State one, State other) {
    if (!one.of().equals(other.of()) || !areEqual(one.schema(), other.schema())) {
      return false;
    }
    try (Stream<Datom> ones = one.datoms();
        Stream<Datom> others = other.datoms()) {
      Iterator<Datom> left = ones.iterator();
      Iterator<Datom> right = others.iterator();
      while (left.hasNext() && right.hasNext()) {
        if (!areEqual(left.next(), right.next())) {
          return false;
        }
      }
      return left.hasNext() == right.hasNext();
    }
  }

  private static boolean areEqual(Schema one, Schema other) {
    return List.copyOf(one.attributes()).equals(List.copyOf(other.attributes()))
        && one.builtIns().equals(other.builtIns())
        && one.reusedNames().equals(other.reusedNames())
        && one.namesBefore().equals(other.namesBefore());
  }

  private static boolean areEqual(Datom one, Datom other) {
    return one.e() == other.e()
        && one.a() == other.a()
        && one.tx() == other.tx()
        && one.added() == other.added()
        && Values.canonical(one.v()).equals(Values.canonical(other.v()));
  }
}
