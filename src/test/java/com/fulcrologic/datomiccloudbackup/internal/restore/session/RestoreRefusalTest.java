package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.backup;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.refuses;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a restore refuses, before it writes anything, and the reason that it gives. */
class RestoreRefusalTest extends SampleBackup {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "[{:db/ident :x/y :db/valueType :db.type/long :db/cardinality :db.cardinality/one}]",
        "[[:db/add \"datomic.tx\" :db/doc \"x\"]]",
        "[[:db/add \"datomic.tx\" :db/txInstant #inst \"1970-01-01\"] [:db/add \"e\" :db/doc \"x\"]]"
      })
  void refusesATargetThatIsNotEmpty(String written) {
    DatomicConnection target = system.newDatabase();
    target.transact((List<?>) Edn.read(written));
    refuses(backup, target, OPTIONS, TargetNotRestorableException.class, "not empty");
  }

  @Test
  void refusesATargetThatTheClojureLibraryBegan() {
    DatomicConnection target = system.newDatabase();
    target.transact(
        (List<?>)
            Edn.read(
                "[{:db/ident :com.fulcrologic.datomic-cloud-backup.cloning/original-id"
                    + " :db/valueType :db.type/long :db/cardinality :db.cardinality/one}]"));
    refuses(backup, target, OPTIONS, TargetNotRestorableException.class, "Clojure library");
  }

  @Test
  void refusesATargetBegunFromAnotherBackup() {
    DatomicConnection target = system.newDatabase();
    new Restoring(backup).restoreSegment(target, OPTIONS);
    MemoryBackupStore store = new MemoryBackupStore();
    Cloning.with(store).backup("other", source, BackupOptions.DEFAULTS);
    refuses(
        StoredBackup.of(store, "other"),
        target,
        OPTIONS,
        TargetNotRestorableException.class,
        "begun from backup w, not other");
  }

  @Test
  void refusesATargetBegunFromAnotherSource() {
    DatomicConnection target = system.newDatabase();
    new Restoring(backup).restoreSegment(target, OPTIONS);
    DatomicConnection other = system.newDatabase();
    SampleWorld.fill(other);
    refuses(
        backup(other, 10),
        target,
        OPTIONS,
        TargetNotRestorableException.class,
        "begun from source");
  }

  @Test
  void refusesOtherFilters() {
    DatomicConnection target = system.newDatabase();
    new Restoring(backup).restoreSegment(target, OPTIONS.excluding(":w/email"));
    refuses(
        backup,
        target,
        OPTIONS,
        TargetNotRestorableException.class,
        "it was begun excluding :w/email, and this restore would continue without filters");
    refuses(
        backup,
        target,
        OPTIONS.excluding(":w/email").rewriting(":w/name", name -> name),
        TargetNotRestorableException.class,
        "begun excluding :w/email, and this restore would continue excluding :w/email and rewriting"
            + " :w/name");
  }

  @Test
  void findsAForeignTransactionAtTheNextCall() {
    DatomicConnection target = system.newDatabase();
    Restoring restore = new Restoring(backup);
    restore.restoreSegment(target, OPTIONS);
    long foreignT =
        target
            .transact(
                (List<?>)
                    Edn.read("[[:db/add \"datomic.tx\" :db/txInstant #inst \"2000-01-01T00:30\"]]"))
            .basisTAfter();
    refuses(restore, target, OPTIONS, TargetNotRestorableException.class, "t " + foreignT);
  }

  @Test
  void refusesATargetThatIsAheadOfTheBackup() {
    DatomicConnection target = system.newDatabase();
    restoreAll(new Restoring(backup), target, OPTIONS);
    MemoryBackupStore store = new MemoryBackupStore();
    Cloning.with(store).backupSegment("w", source, new TxRange(0, 20));
    refuses(
        StoredBackup.of(store, "w"), target, OPTIONS, TargetNotRestorableException.class, "ahead");
  }

  @Test
  void refusesAGapAndNamesWhatIsMissing() {
    MemoryBackupStore store = storeWithGap();
    DatomicConnection target = system.newDatabase();
    Restoring restore = new Restoring(StoredBackup.of(store, "w"));
    restore.restoreSegment(target, OPTIONS);
    SegmentGapException gap =
        (SegmentGapException)
            refuses(restore, target, OPTIONS, SegmentGapException.class, "missing t 10 to 14");
    assertThat(gap.missing()).isEqualTo(new TxRange(10, 15));

    Cloning.with(store).repairBackup("w", source);
    restoreAll(restore, target, OPTIONS);
    LogComparison.assertEqualThrough(19, source, target);
  }

  /** Without t 10 to 14. */
  private static MemoryBackupStore storeWithGap() {
    MemoryBackupStore store = new MemoryBackupStore();
    Cloning cloning = Cloning.with(store);
    cloning.backupSegment("w", source, new TxRange(0, 10));
    cloning.backupSegment("w", source, new TxRange(15, 20));
    return store;
  }

  /** Nothing is begun that cannot be ended; and what is missing after the point is not missed. */
  @Test
  void refusesAPlanThatLeadsAcrossAGap() {
    MemoryBackupStore store = storeWithGap();
    DatomicConnection target = system.newDatabase();
    Restoring restore = new Restoring(StoredBackup.of(store, "w"));
    assertThatThrownBy(() -> restore.plan(target, OPTIONS.until(17)))
        .isInstanceOf(SegmentGapException.class)
        .hasMessageContaining("missing t 10 to 14");
    assertThat(restore.plan(target, OPTIONS.until(8)).range()).contains(new TxRange(0, 9));
  }

  @Test
  void refusesABackupThatIsNotThere() {
    refuses(
        StoredBackup.of(new MemoryBackupStore(), "w"),
        system.newDatabase(),
        OPTIONS,
        NoSuchBackupException.class,
        "no backup w");
  }
}
