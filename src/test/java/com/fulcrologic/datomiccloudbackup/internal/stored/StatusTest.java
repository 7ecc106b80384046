package com.fulcrologic.datomiccloudbackup.internal.stored;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupStatus;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.Lag;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.exceptions.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.CountingConnection;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedStore;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How far a backup and a target are behind a source whose transactions have dates of ours. */
class StatusTest {
  private static LocalSystem system;
  private final DisturbedStore store = new DisturbedStore(new MemoryBackupStore());
  private final Cloning cloning = Cloning.with(store);

  @BeforeAll
  static void open() {
    system = LocalSystem.inMemory();
  }

  @Test
  void lagIsMeasuredInTheSource() {
    DatomicConnection source = sourceOfDays(1, 2, 3, 10);
    long basisT = source.basisT();
    cloning.backupSegment("a", source, new TxRange(0, basisT - 1));
    DatomicConnection target = system.newDatabase();

    BackupStatus behind = cloning.status("a", source, target);
    assertThat(behind.source()).isEqualTo(point(basisT, 10));
    assertThat(behind.stored()).contains(point(basisT - 2, 2));
    assertThat(behind.lag()).isEqualTo(new Lag(2, Duration.ofDays(8)));
    assertThat(behind.target().orElseThrow().restored()).isEmpty();
    assertThat(behind.targetLag().orElseThrow().t()).isEqualTo(basisT + 1);
    assertThat(behind.worstLag()).isEqualTo(behind.targetLag().orElseThrow());

    cloning.restoreSegment("a", target, RestoreOptions.DEFAULTS.until(basisT - 3));
    assertThat(cloning.status("a", source, target).target().orElseThrow().restored())
        .contains(point(basisT - 3, 1));
    cloning.backupNextSegment("a", source, 10);
    BackupStatus stored = cloning.status("a", source, target);
    assertThat(stored.lag()).isEqualTo(Lag.NONE);
    assertThat(stored.targetLag()).contains(new Lag(3, Duration.ofDays(9)));
    assertThat(stored.worstLag().isWithin(Duration.ofDays(9))).isTrue();
    assertThat(stored.worstLag().isWithin(Duration.ofDays(9).minusMillis(1))).isFalse();
  }

  @Test
  void aGapEndsWhatIsStored() {
    DatomicConnection source = sourceOfDays(1, 2, 3, 10);
    long basisT = source.basisT();
    cloning.backupSegment("a", source, new TxRange(0, basisT - 1));
    cloning.backupSegment("a", source, new TxRange(basisT, basisT + 1));
    BackupStatus status = cloning.status("a", source);
    assertThat(status.gaps()).containsExactly(new TxRange(basisT - 1, basisT));
    assertThat(status.stored()).contains(point(basisT - 2, 2));
    assertThat(status.lag()).isEqualTo(new Lag(2, Duration.ofDays(8)));
    assertThat(cloning.storedThrough("a")).contains(point(basisT, 10));

    cloning.backupSegment("headless", source, new TxRange(basisT, basisT + 1));
    assertThat(cloning.status("headless", source).stored()).isEmpty();
  }

  @Test
  void askingCostsAHandfulOfRequests() {
    CountingConnection source = new CountingConnection(sourceOfDays(1, 2, 3));
    while (cloning.backupNextSegment("a", source, 1)
        instanceof com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment) {}
    int before = store.requestCount();
    int logReads = source.logReadCount();
    int reads = source.readCount();
    cloning.status("a", source);
    assertThat(store.requestCount() - before).as("exists, listing, header").isEqualTo(3);
    assertThat(source.logReadCount() - logReads).isEqualTo(1);
    assertThat(source.readCount() - reads).isEqualTo(1);
  }

  @Test
  void whatDoesNotBelongTogetherIsRefused() {
    DatomicConnection source = sourceOfDays(1, 2, 3);
    cloning.backupSegment("a", source, new TxRange(0, source.basisT() + 1));
    assertThatThrownBy(() -> cloning.status("b", source)).isInstanceOf(NoSuchBackupException.class);
    assertThatThrownBy(() -> cloning.status("a", sourceOfDays(1, 2, 4)))
        .isInstanceOf(ForkedHistoryException.class)
        .hasMessageContaining("has another past: its t " + source.basisT());
    assertThatThrownBy(() -> cloning.status("a", sourceOfDays(1)))
        .as("nothing of it differs")
        .isInstanceOf(IncompleteBackupException.class)
        .hasMessageContaining("basis");
    DatomicConnection target = system.newDatabase();
    cloning.restoreSegment("a", target, RestoreOptions.DEFAULTS);
    cloning.backupSegment("b", source, new TxRange(0, source.basisT() + 1));
    assertThatThrownBy(() -> cloning.status("b", source, target))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("backup a, not b");
    dated(target, 20);
    assertThatThrownBy(() -> cloning.status("a", source, target))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("not part of a restore");
  }

  @Test
  void nothingIsMissingWhateverTheClockSays() {
    assertThat(Lag.between(point(3, 1), Optional.of(point(3, 1)))).isEqualTo(Lag.NONE);
    assertThat(Lag.between(point(3, 1), Optional.of(point(4, 2)))).isEqualTo(Lag.NONE);
    assertThat(Lag.between(point(3, 1), Optional.empty()))
        .isEqualTo(new Lag(4, Duration.ofDays(1)));
  }

  private static SourcePoint point(long t, int day) {
    return new SourcePoint(t, Instant.EPOCH.plus(Duration.ofDays(day)));
  }

  private static DatomicConnection sourceOfDays(int... days) {
    DatomicConnection source = system.newDatabase();
    for (int day : days) {
      dated(source, day);
    }
    return source;
  }

  private static void dated(DatomicConnection database, int day) {
    String instant = Instant.EPOCH.plus(Duration.ofDays(day)).toString();
    database.transact(
        (List<?>) Edn.read("[[:db/add \"datomic.tx\" :db/txInstant #inst \"" + instant + "\"]]"));
  }
}
