package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.backup;
import static org.assertj.core.api.Assertions.assertThat;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What cannot be replayed datom for datom is told at once, by its t. */
class UnequalTransactionTest {

  /**
   * A tempid that becomes, by its unique value, the attribute that gives this value away: Datomic
   * Local logs the retraction, and leaves the composite.
   */
  @Test
  void namesATransactionThatDatomicLogsOtherwise() {
    LocalSystem system = LocalSystem.inMemory();
    DatomicConnection source = system.newDatabase();
    transact(
        source,
        "[{:db/ident :p/a :db/valueType :db.type/string :db/cardinality :db.cardinality/one"
            + "  :db/unique :db.unique/identity}"
            + " {:db/ident :p/b :db/valueType :db.type/string :db/cardinality :db.cardinality/one}"
            + " {:db/ident :p/a+b :db/valueType :db.type/tuple :db/tupleAttrs [:p/a :p/b]"
            + "  :db/cardinality :db.cardinality/one}]");
    transact(source, "[[:db/add :p/b :p/a \"given away\"]]");
    long odd =
        transact(
            source,
            "[[:db/retract :p/b :p/a \"given away\"] [:db/add \"heir\" :p/a \"given away\"]]");
    transact(source, "[[:db/add \"y\" :p/b \"an ordinary one\"]]");
    assertThat(transaction(source, odd).datoms())
        .as("the retraction and the date, and nothing of the composite")
        .hasSize(2);

    Restoring restore = new Restoring(backup(source, 100));
    RestoredSegment restored =
        (RestoredSegment) restore.restoreSegment(system.newDatabase(), OPTIONS);

    assertThat(restored.unequalTs()).containsExactly(odd);
    assertThat(restored.range().endT()).isEqualTo(source.basisT() + 1);
  }

  /**
   * In memory, Datomic Local keeps an instant's class, and takes a timestamp for another value than
   * a date of its millisecond: the log holds the same value asserted and retracted.
   */
  @Test
  void namesAnInstantOfAnotherClassOverItsOwnMillisecond() {
    LocalSystem system = LocalSystem.inMemory();
    DatomicConnection source = system.newDatabase();
    transact(
        source,
        "[{:db/ident :p/id :db/valueType :db.type/long :db/cardinality :db.cardinality/one"
            + "  :db/unique :db.unique/identity}"
            + " {:db/ident :p/at :db/valueType :db.type/instant"
            + "  :db/cardinality :db.cardinality/one}]");
    transact(source, "[{:p/id 1 :p/at #inst \"2020-01-01\"}]");
    Instant instant = Instant.parse("2020-01-01T00:00:00Z");
    long odd =
        source
            .transact(
                List.of(
                    TxData.add(
                        Edn.read("[:p/id 1]"), Keyword.intern("p", "at"), Timestamp.from(instant))))
            .basisTAfter();
    assertThat(transaction(source, odd).datoms()).as("its date, and the value twice").hasSize(3);

    RestoredSegment restored =
        (RestoredSegment)
            new Restoring(backup(source, 100)).restoreSegment(system.newDatabase(), OPTIONS);
    assertThat(restored.unequalTs()).containsExactly(odd);
  }

  private static long transact(DatomicConnection source, String forms) {
    return source.transact((List<?>) Edn.read(forms)).basisTAfter();
  }

  private static Transaction transaction(DatomicConnection source, long t) {
    try (Stream<Transaction> log = source.txRange(new TxRange(t, t + 1))) {
      return log.findFirst().orElseThrow();
    }
  }
}
