package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.backup;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedConnection;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedConnection.Death;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedConnection.Disturbance;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A transaction that fills Datomic's limit to the brim, bookkeeping or not. */
class LargeTransactionTest {
  private static final int ENTITY_COUNT = 60_000;
  private static final int DATOM_COUNT = 99_999;

  private static LocalSystem system;
  private static DatomicConnection source;
  private static StoredBackup backup;

  @BeforeAll
  static void makeSource() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    source.transact(
        (List<?>)
            Edn.read(
                "[{:db/ident :l/a :db/valueType :db.type/long :db/cardinality :db.cardinality/one}"
                    + " {:db/ident :l/b :db/valueType :db.type/ref"
                    + "  :db/cardinality :db.cardinality/one}]"));
    List<Object> forms = new ArrayList<>();
    for (int i = 0; forms.size() < DATOM_COUNT - 1; i++) {
      String entity = Integer.toString(i % ENTITY_COUNT);
      forms.add(
          i < ENTITY_COUNT
              ? TxData.add(entity, Keyword.intern("l", "a"), (long) i)
              : TxData.add(entity, Keyword.intern("l", "b"), "0"));
    }
    long t = source.transact(forms).basisTAfter();
    try (Stream<?> log =
        source.txRange(new TxRange(t, t + 1)).flatMap(tx -> tx.datoms().stream())) {
      assertThat(log.count()).isEqualTo(DATOM_COUNT);
    }
    backup = backup(source, 10_000);
  }

  @Test
  void isRestored() {
    DatomicConnection target = system.newDatabase();
    restoreAll(new Restoring(backup), target, OPTIONS);
    LogComparison.assertEqual(source, target);
  }

  /** Eight transactions before it, then two preparations, itself, and its completion. */
  @Test
  void isRestoredByProcessesThatDieInTheMiddleOfIt() {
    DatomicConnection target = system.newDatabase();
    for (int survived : new int[] {8, 0, 0, 0}) {
      DatomicConnection mortal =
          new DisturbedConnection(
              target, number -> number > survived ? Disturbance.DEATH_AFTER : Disturbance.NONE);
      assertThatThrownBy(() -> restoreAll(new Restoring(backup), mortal, OPTIONS))
          .isInstanceOf(Death.class);
    }
    restoreAll(new Restoring(backup), target, OPTIONS);
    LogComparison.assertEqual(source, target);
  }
}
