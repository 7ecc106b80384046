package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.backup;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.refuses;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.NothingNewAvailable;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.exceptions.UnreachablePointException;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedStore;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A restore that is to end with a certain transaction ends with that one, or does not begin. */
class RestorePointTest extends SampleBackup {
  /** The world's transaction t 6 has this date, and one follows each minute. */
  private static final Instant DATE_OF_6 = Instant.parse("1999-12-31T23:01:00Z");

  @Test
  void restoresToATAndGoesOnLater() {
    DatomicConnection target = system.newDatabase();
    Restoring restore = new Restoring(backup);
    assertThat(restoreAll(restore, target, OPTIONS.until(13)).lastSourceT()).hasValue(13);
    LogComparison.assertEqualThrough(13, source, target);
    assertThat(restore.restoreSegment(target, OPTIONS.until(13)))
        .isInstanceOf(NothingNewAvailable.class);
    refuses(restore, target, OPTIONS.until(12), UnreachablePointException.class, "up to t 13");
    restoreAll(restore, target, OPTIONS);
    LogComparison.assertEqual(source, target);
  }

  @Test
  void refusesATThatIsNotStored() {
    long beyond = source.basisT() + 1;
    refuses(
        backup,
        system.newDatabase(),
        OPTIONS.until(beyond),
        UnreachablePointException.class,
        "t " + beyond);
  }

  @Test
  void restoresToAnInstant() {
    DatomicConnection target = system.newDatabase();
    Restoring restore = new Restoring(backup);
    restoreAll(restore, target, OPTIONS.until(DATE_OF_6.minusMillis(1)));
    LogComparison.assertEqualThrough(5, source, target);
    restoreAll(restore, target, OPTIONS.until(DATE_OF_6));
    LogComparison.assertEqualThrough(6, source, target);
    restoreAll(restore, target, OPTIONS.until(DATE_OF_6.plusSeconds(4 * 60 + 59)));
    LogComparison.assertEqualThrough(10, source, target);
    Instant last = DATE_OF_6.plusSeconds(60 * (source.basisT() - 6));
    restoreAll(restore, target, OPTIONS.until(last));
    LogComparison.assertEqual(source, target);
    refuses(
        restore,
        target,
        OPTIONS.until(last.plusMillis(1)),
        UnreachablePointException.class,
        "nothing dated at or after");
  }

  @Test
  void refusesAnInstantBeforeTheLogBegins() {
    refuses(
        backup,
        system.newDatabase(),
        OPTIONS.until(new RestorePoint.AtInstant(Instant.EPOCH.minusMillis(1))),
        UnreachablePointException.class,
        "begins after");
  }

  /** Also at the very end of what is stored, as long as nothing comes in. */
  @ParameterizedTest
  @ValueSource(longs = {22, 0})
  void looksForAnInstantOnce(long countAfter) {
    long t = source.basisT() - countAfter;
    MemoryBackupStore memory = new MemoryBackupStore();
    Cloning.with(memory).backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(5));
    DisturbedStore store = new DisturbedStore(memory);
    Restoring restore = new Restoring(StoredBackup.of(store, "w"));
    DatomicConnection target = system.newDatabase();
    RestoreOptions options = OPTIONS.until(DATE_OF_6.plusSeconds(60 * (t - 6)));
    restore.restoreSegment(target, options);
    restore.restoreSegment(target, options);

    int before = store.requestCount();
    int segmentCount = 0;
    while (restore.restoreSegment(target, options) instanceof RestoredSegment) {
      segmentCount++;
    }
    assertThat(segmentCount).isGreaterThan(2);
    // To find one, three listings; and its bytes. At the end, three to see what is the newest.
    assertThat(store.requestCount() - before).isLessThanOrEqualTo(4 * segmentCount + 3);
    LogComparison.assertEqualThrough(t, source, target);
  }

  /** A new newest segment is a new plan; until then, nothing but the newest is asked for. */
  @Test
  void looksForAnInstantOnceForEachNewestSegment() {
    DatomicConnection growing = system.newDatabase();
    SampleWorld.fill(growing);
    MemoryBackupStore memory = new MemoryBackupStore();
    Cloning.with(memory).backup("w", growing, BackupOptions.DEFAULTS);
    DisturbedStore store = new DisturbedStore(memory);
    Restoring restore = new Restoring(StoredBackup.of(store, "w"));
    DatomicConnection target = system.newDatabase();
    RestoreOptions options = OPTIONS.until(DATE_OF_6);
    restoreAll(restore, target, options);

    SampleWorld.note(growing);
    Cloning.with(memory).backup("w", growing, BackupOptions.DEFAULTS);
    assertThat(restore.restoreSegment(target, options)).isInstanceOf(NothingNewAvailable.class);
    int before = store.requestCount();
    assertThat(restore.restoreSegment(target, options)).isInstanceOf(NothingNewAvailable.class);
    assertThat(store.requestCount() - before).as("what is the newest").isEqualTo(3);
  }

  /** At the end of what is stored, more with the same date may still come in. */
  @Test
  void takesWhatComesInWithTheSameDate() {
    DatomicConnection growing = system.newDatabase();
    MemoryBackupStore store = new MemoryBackupStore();
    String dated = "[[:db/add \"datomic.tx\" :db/txInstant #inst \"2020-01-01\"]]";
    growing.transact((List<?>) Edn.read(dated));
    Cloning.with(store).backup("w", growing, BackupOptions.DEFAULTS);
    DatomicConnection target = system.newDatabase();
    Restoring restore = new Restoring(StoredBackup.of(store, "w"));
    RestoreOptions options = OPTIONS.until(Instant.parse("2020-01-01T00:00:00Z"));
    restoreAll(restore, target, options);

    growing.transact((List<?>) Edn.read(dated));
    Cloning.with(store).backup("w", growing, BackupOptions.DEFAULTS);
    assertThat(restore.restoreSegment(target, options)).isInstanceOf(RestoredSegment.class);
    LogComparison.assertEqual(growing, target);
  }
}
