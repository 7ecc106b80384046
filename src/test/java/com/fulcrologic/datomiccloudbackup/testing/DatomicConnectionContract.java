package com.fulcrologic.datomiccloudbackup.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Basis;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every connection does, whatever is behind it. */
public abstract class DatomicConnectionContract {
  private static final Keyword DOC = Keyword.intern("db", "doc");
  private static final Keyword IDENT = Keyword.intern("db", "ident");

  /** A connection to a new, empty database. */
  protected abstract DatomicConnection newDatabase();

  @Test
  void readsTheLogAsFarAsThereIsOne() {
    DatomicConnection connection = newDatabase();
    long basisT = connection.basisT();
    List<Long> all = ts(connection, 0, basisT + 1_000);
    assertThat(all).first().isEqualTo(0L);
    assertThat(all).last().isEqualTo(basisT);
    assertThat(ts(connection, basisT, basisT + 1)).containsExactly(basisT);
    assertThat(ts(connection, basisT + 1, basisT + 2)).isEmpty();
    assertThat(ts(connection, basisT + 1_000, basisT + 2_000)).isEmpty();
  }

  @Test
  void readsAsManyTransactionsAsAskedFor() {
    DatomicConnection connection = newDatabase();
    List<Long> all = new ArrayList<>(); // t need not be dense
    for (int i = 0; i < 150; i++) {
      all.add(connection.transact(List.of()).basisTAfter());
    }
    TxRange range = new TxRange(all.get(0), all.get(149) + 1);
    for (int countMax : new int[] {1, 31, 32, 33, 149, 150, 1_000}) {
      try (Stream<Transaction> log = connection.txRange(range, countMax)) {
        assertThat(log.map(Transaction::t))
            .containsExactlyElementsOf(all.subList(0, Math.min(150, countMax)));
      }
    }
    try (Stream<Transaction> log = connection.txRange(range)) {
      Iterator<Transaction> transactions = log.iterator();
      assertThat(transactions.next().t()).as("and may stop early").isEqualTo(all.get(0));
    }
    try (Stream<Transaction> log = connection.txRange(range)) {
      assertThat(log.map(Transaction::t)).hasSize(150).isSorted();
    }
  }

  @Test
  void handsOutEachValueInItsTypesOwnClass() {
    DatomicConnection connection = newDatabase();
    Map<String, Object> values = new HashMap<>();
    values.put("string", "a\u0000b \ud83d\ude00");
    values.put("boolean", false);
    values.put("long", Long.MIN_VALUE);
    values.put("double", 1e300);
    values.put("float", Math.nextUp(1.1f));
    values.put("bigdec", new BigDecimal("1.00"));
    values.put("instant", new Date(-1));
    values.put("uuid", new UUID(1, 2));
    values.put("uri", URI.create("HTTP://e.com/%2fq"));
    values.put("keyword", Keyword.intern("k", "v"));
    values.forEach(
        (type, value) -> connection.transact((List<?>) Edn.read(attribute(type, type, ""))));
    connection.transact((List<?>) Edn.read(attribute("bigint", "bigint", "")));
    connection.transact(
        (List<?>)
            Edn.read(attribute("pair", "tuple", ":db/tupleTypes [:db.type/double :db.type/long]")));
    values.forEach(
        (type, value) ->
            connection.transact(List.of(TxData.add("e", Keyword.intern("v", type), value))));
    connection.transact(
        List.of(TxData.add("e", Keyword.intern("v", "bigint"), BigInteger.TWO.pow(200))));
    connection.transact(
        List.of(
            TxData.add(
                "e",
                Keyword.intern("v", "pair"),
                clojure.lang.PersistentVector.create(Arrays.asList(0.1, null)))));
    values.forEach(
        (type, value) -> {
          Object read = only(connection, Keyword.intern("v", type));
          assertThat(read).isEqualTo(value).hasSameClassAs(value);
        });
    assertThat(new BigInteger(only(connection, Keyword.intern("v", "bigint")).toString()))
        .isEqualTo(BigInteger.TWO.pow(200));
    assertThat((List<?>) only(connection, Keyword.intern("v", "pair")))
        .isEqualTo(Arrays.<@Nullable Object>asList(0.1, null));
  }

  private static String attribute(String name, String type, String more) {
    return "[{:db/ident :v/"
        + name
        + " :db/valueType :db.type/"
        + type
        + " :db/cardinality :db.cardinality/one "
        + more
        + "}]";
  }

  private static Object only(DatomicConnection connection, Keyword attribute) {
    try (Stream<Datom> datoms = connection.datoms(View.CURRENT, Index.AEVT, attribute)) {
      return datoms.findFirst().orElseThrow().v();
    }
  }

  @Test
  void reportsWhatATransactionDid() {
    DatomicConnection connection = newDatabase();
    long before = connection.basisT();
    TransactionReport report =
        connection.transact(
            List.of(TxData.add("e", DOC, "x"), TxData.add(TxData.CURRENT_TRANSACTION, DOC, "y")));
    assertThat(report.basisTBefore()).isEqualTo(before);
    long after = report.basisTAfter();
    assertThat(after).isGreaterThan(before);
    assertThat(report.datomCount()).isEqualTo(3);
    assertThat(report.tempids()).containsKey("e");
    assertThat(
            report.tempids().getOrDefault(TxData.CURRENT_TRANSACTION, Transaction.entityId(after)))
        .isEqualTo(Transaction.entityId(after));
    assertThat(connection.basisT()).isEqualTo(after);
    assertThat(connection.freshBasisT()).isEqualTo(after);
    assertThat(Basis.atLeast(connection, before + 1)).isEqualTo(after);
    long entity = report.tempids().getOrDefault("e", -1L);
    try (Stream<Datom> docs = connection.datoms(View.asOf(before), Index.EAVT, entity)) {
      assertThat(docs).isEmpty();
    }
    connection.transact(List.of(TxData.retract(entity, DOC, "x")));
    try (Stream<Datom> docs =
        connection.datoms(View.CURRENT.withHistory(), Index.EAVT, entity, DOC)) {
      assertThat(docs.map(Datom::added)).containsExactlyInAnyOrder(true, false);
    }
  }

  @Test
  void readsARangeOfAnIndex() {
    List<Datom> found =
        newDatabase()
            .indexRange(IDENT, Keyword.intern("db.type", "a"), Keyword.intern("db.type", "z"), 3);
    assertThat(found).hasSize(3).extracting(datom -> datom.v().toString()).isSorted();
  }

  @Test
  void classifiesWhatIsRefused() {
    DatomicConnection connection = newDatabase();
    long tx = Transaction.entityId(connection.basisT());
    assertThatThrownBy(() -> connection.transact(List.of(TxData.compareAndSwap(tx, DOC, "x", "y"))))
        .isInstanceOfSatisfying(
            AnomalyException.class,
            refused -> {
              assertThat(refused.anomaly()).isEqualTo(Anomaly.CONFLICT);
              assertThat(refused.isDatabaseError(":db.error/cas-failed")).isTrue();
            });
    assertThatThrownBy(
            () ->
                connection.transact(
                    List.of(TxData.add(TxData.lookupRef(IDENT, Keyword.intern("no")), DOC, "x"))))
        .isInstanceOfSatisfying(
            AnomalyException.class,
            refused -> assertThat(refused.anomaly()).isEqualTo(Anomaly.INCORRECT));
  }

  private static List<Long> ts(DatomicConnection connection, long startT, long endT) {
    try (Stream<Transaction> log = connection.txRange(new TxRange(startT, endT))) {
      return log.map(Transaction::t).toList();
    }
  }
}
