package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.log.BuiltIns;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.log.SourceIdentity;
import com.fulcrologic.datomiccloudbackup.internal.segment.SegmentWriter;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.CountingConnection;
import com.fulcrologic.datomiccloudbackup.testing.DisguisedLog;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Datomic Local never writes, and other Datomics do: segments made by hand. */
class OtherDatomicsTest {

  /**
   * A t that leaves numbers out, built-ins under other ids, base schema that arrives late, and
   * {@code :db/ensure} in the log.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1_000})
  void restoresTheLogOfAnotherDatomic(int transactionCountMax) {
    LocalSystem system = LocalSystem.inMemory();
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    DisguisedLog disguised = new DisguisedLog(source);
    StoredBackup backup = stored(disguised.transactions(), transactionCountMax);
    assertThat(backup.gaps(0)).isEmpty();

    DatomicConnection target = system.newDatabase();
    restoreAll(new Restoring(backup), target, OPTIONS);
    LogComparison.assertEqual(disguised, target);
  }

  /** A source on a newer Datomic, which has one built-in more. */
  @ParameterizedTest
  @ValueSource(ints = {1, 1_000})
  void refusesASegmentThatUsesABuiltInThatTheTargetLacks(int transactionCountMax) {
    LocalSystem system = LocalSystem.inMemory();
    StoredBackup backup = stored(newerLog(system.newDatabase()), transactionCountMax);
    DatomicConnection target = system.newDatabase();
    CountingConnection watched = new CountingConnection(target);
    int[] sentBefore = new int[1];
    assertThatThrownBy(
            () -> {
              while (true) {
                sentBefore[0] = watched.transactCount();
                new Restoring(backup).restoreSegment(watched, OPTIONS);
              }
            })
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("Failed to restore t 8")
        .hasMessageContaining(":db.attr/newer");
    assertThat(watched.transactCount()).as("nothing of that segment").isEqualTo(sentBefore[0]);
  }

  @Test
  void restoresWithoutTheBuiltInThatTheTargetLacks() {
    LocalSystem system = LocalSystem.inMemory();
    List<Transaction> log = newerLog(system.newDatabase());
    DatomicConnection target = system.newDatabase();
    var end =
        restoreAll(new Restoring(stored(log, 1_000)), target, OPTIONS.excluding(":db.attr/newer"));
    assertThat(end.lastSourceT()).hasValue(log.get(log.size() - 1).t());
    assertThat(end.unmatchedFilters()).isEmpty();
  }

  @Test
  void refusesWhatIsSaidOfABuiltInThatTheTargetLacks() {
    LocalSystem system = LocalSystem.inMemory();
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    DisguisedLog newer = new DisguisedLog(source);
    List<Transaction> log = new ArrayList<>(newer.transactions());
    Transaction last = log.get(log.size() - 1);
    long tx = last.tx() + 1;
    Datom date =
        last.datoms().stream().filter(datom -> datom.e() == last.tx()).findFirst().orElseThrow();
    log.add(
        new Transaction(
            last.t() + 1,
            tx,
            List.of(
                new Datom(tx, date.a(), date.v(), tx, true), newer.said(DisguisedLog.NEWER, tx))));
    StoredBackup backup = stored(log, 7);

    CountingConnection target = new CountingConnection(system.newDatabase());
    assertThatThrownBy(() -> new Restoring(backup).restoreSegment(target, OPTIONS))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("Failed to restore t " + (last.t() + 1))
        .hasMessageContaining(":db/newer");
    assertThat(target.transactCount()).as("before the first write").isZero();
  }

  /** The log of a database that uses {@code :db.attr/preds}, if that were called otherwise. */
  private static List<Transaction> newerLog(DatomicConnection source) {
    for (String forms :
        List.of(
            "[{:db/ident :n/a :db/valueType :db.type/string :db/cardinality :db.cardinality/one}]",
            "[[:db/add \"e\" :n/a \"before\"]]",
            "[[:db/add :n/a :db.attr/preds clojure.core/string?]]",
            "[[:db/add \"e\" :n/a \"after\"]]")) {
      source.transact((List<?>) Edn.read(forms));
    }
    Keyword newer = Keyword.intern("db.attr", "newer");
    try (Stream<Transaction> log = source.txRange(new TxRange(0, source.basisT() + 1))) {
      return log.map(
              transaction ->
                  new Transaction(
                      transaction.t(),
                      transaction.tx(),
                      transaction.datoms().stream()
                          .map(
                              datom ->
                                  BuiltIns.ATTR_PREDS.equals(datom.v())
                                      ? new Datom(
                                          datom.e(), datom.a(), newer, datom.tx(), datom.added())
                                      : datom)
                          .toList()))
          .toList();
    }
  }

  private static StoredBackup stored(List<Transaction> log, int transactionCountMax) {
    StoredBackup backup = StoredBackup.of(new MemoryBackupStore(), "w");
    SourceIdentity identity = new SourceIdentity("another", null);
    Schema schema = new Schema();
    OptionalLong previousT = OptionalLong.empty();
    SegmentWriter writer = null;
    int count = 0;
    long startT = 0;
    for (Transaction transaction : log) {
      if (writer == null) {
        writer = new SegmentWriter(identity, schema.copy(), startT, previousT, 1 << 20);
      }
      assertThat(writer.add(transaction)).isTrue();
      schema.apply(transaction);
      previousT = OptionalLong.of(transaction.t());
      if (++count % transactionCountMax == 0) {
        backup.save(writer.finish());
        writer = null;
        startT = transaction.t() + 1;
      }
    }
    if (writer != null) {
      backup.save(writer.finish());
    }
    return backup;
  }
}
