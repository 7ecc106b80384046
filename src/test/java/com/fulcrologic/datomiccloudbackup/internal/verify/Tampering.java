package com.fulcrologic.datomiccloudbackup.internal.verify;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Ways to change a log, for a {@code TamperedConnection}. */
final class Tampering {
  private Tampering() {}

  static boolean isClaim(Object value) {
    return value instanceof String text && text.startsWith("{:");
  }

  static UnaryOperator<List<Transaction>> at(
      long t, Function<Transaction, List<Transaction>> change) {
    return log ->
        log.stream()
            .flatMap(tx -> tx.t() == t ? change.apply(tx).stream() : Stream.of(tx))
            .toList();
  }

  static UnaryOperator<List<Transaction>> each(UnaryOperator<List<Datom>> change) {
    return log ->
        log.stream()
            .map(tx -> new Transaction(tx.t(), tx.tx(), change.apply(tx.datoms())))
            .toList();
  }

  static UnaryOperator<List<Transaction>> values(UnaryOperator<Object> change) {
    return each(
        datoms ->
            map(
                datoms,
                datom ->
                    new Datom(
                        datom.e(), datom.a(), change.apply(datom.v()), datom.tx(), datom.added())));
  }

  static List<Datom> map(List<Datom> datoms, UnaryOperator<Datom> change) {
    return datoms.stream().map(change).toList();
  }

  static List<Datom> drop(List<Datom> datoms, Predicate<Datom> which) {
    return datoms.stream().filter(which.negate()).toList();
  }

  static Predicate<Datom> isOf(DatomicConnection connection, String name) {
    long attribute = id(connection, name);
    return datom -> datom.a() == attribute;
  }

  static long id(DatomicConnection connection, String name) {
    return id(connection, Keyword.intern("w", name));
  }

  static long id(DatomicConnection connection, Keyword ident) {
    try (Stream<Datom> datoms =
        connection.datoms(View.CURRENT, Index.AVET, Keyword.intern("db", "ident"), ident)) {
      return datoms.findFirst().orElseThrow().e();
    }
  }

  /** Adds a datom to the transaction with this t. */
  static UnaryOperator<List<Transaction>> adding(long t, Function<Transaction, Datom> datom) {
    return at(
        t,
        tx -> {
          List<Datom> more = new ArrayList<>(tx.datoms());
          more.add(datom.apply(tx));
          return List.of(new Transaction(tx.t(), tx.tx(), more));
        });
  }
}
