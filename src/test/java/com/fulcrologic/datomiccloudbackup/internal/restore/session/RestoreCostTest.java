package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.ONE_BY_ONE;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.backup;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.testing.CountingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a restore asks of its target: nothing that grows with it. */
class RestoreCostTest {
  private static final int TRANSACTION_COUNT = 2_000;
  private static final int SEGMENT_COUNT = 5;

  private static LocalSystem system;
  private static DatomicConnection source;

  @BeforeAll
  static void makeSource() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    source.transact(
        forms(
            "[{:db/ident :c/id :db/valueType :db.type/long :db/cardinality :db.cardinality/one"
                + " :db/unique :db.unique/identity}"
                + " {:db/ident :c/ref :db/valueType :db.type/ref :db/cardinality :db.cardinality/one}]"));
    while (source.basisT() < TRANSACTION_COUNT - 1) {
      long t = source.basisT();
      source.transact(
          forms("[{:c/id " + t + " :c/ref {:c/id " + -t + "}} {:c/id 5 :c/ref \"datomic.tx\"}]"));
    }
  }

  @Test
  void transactsOncePerTransactionAndAsksNothing() {
    CountingConnection target = new CountingConnection(system.newDatabase());
    restoreAll(
        new Restoring(backup(source, TRANSACTION_COUNT / SEGMENT_COUNT)), target, ONE_BY_ONE);

    assertThat(target.transactCount())
        .as("one each, and the claim")
        .isEqualTo(TRANSACTION_COUNT + 1);
    assertThat(target.readCount())
        .as("index look-ups: for the bookkeeping's ids, before and after the claim")
        .isLessThan(20);
    assertThat(target.logReadCount()).as("log reads: a few for the claim").isLessThan(20);
    LogComparison.assertEqual(source, target);
  }

  @Test
  void writesNoDatumTwiceButTheMarkerOnceASegment() {
    DatomicConnection target = system.newDatabase();
    restoreAll(
        new Restoring(backup(source, TRANSACTION_COUNT / SEGMENT_COUNT)), target, ONE_BY_ONE);

    Map<Long, Keyword> ours = new HashMap<>();
    Map<List<Long>, Integer> assertions = new HashMap<>();
    try (Stream<Transaction> log = target.txRange(new TxRange(0, target.basisT() + 1))) {
      log.flatMap(transaction -> transaction.datoms().stream())
          .filter(Datom::added)
          .forEach(
              datom -> {
                if (datom.v() instanceof Keyword ident && Bookkeeping.isBookkeeping(ident)) {
                  ours.put(datom.e(), ident);
                }
                if (ours.containsKey(datom.a())) {
                  assertions.merge(List.of(datom.e(), datom.a()), 1, Integer::sum);
                }
              });
    }
    assertions.forEach(
        (entityAttribute, count) ->
            assertThat(count)
                .as("assertions of %s", ours.get(entityAttribute.get(1)))
                .isEqualTo(
                    Bookkeeping.LAST_SOURCE_TRANSACTION.equals(ours.get(entityAttribute.get(1)))
                        ? SEGMENT_COUNT
                        : 1));
    assertThat(assertions).hasSizeGreaterThan(2 * TRANSACTION_COUNT);
  }

  /** A new process asks for what it does not remember, by the handful and not one by one. */
  @Test
  void asksAPageAtATimeWhenItRemembersNothing() {
    DatomicConnection real = system.newDatabase();
    var backup = backup(source, TRANSACTION_COUNT / SEGMENT_COUNT);
    new Restoring(backup).restoreSegment(real, ONE_BY_ONE);
    CountingConnection target = new CountingConnection(real);
    new Restoring(backup).restoreSegment(target, ONE_BY_ONE);
    assertThat(target.transactCount()).isEqualTo(TRANSACTION_COUNT / SEGMENT_COUNT);
    assertThat(target.readCount()).as("index look-ups").isLessThan(40);
  }

  private static List<?> forms(String edn) {
    return (List<?>) Edn.read(edn);
  }
}
