package com.fulcrologic.datomiccloudbackup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.NothingNewAvailable;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A whole restore in one call, and the end of one from outside. */
class RestoreSessionTest {
  private static final RestoreOptions OPTIONS = RestoreOptions.DEFAULTS;

  private static LocalSystem system;
  private static DatomicConnection source;
  private static Cloning cloning;

  @BeforeAll
  static void backUp() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    SampleWorld.fill(source);
    cloning = Cloning.with(new MemoryBackupStore());
    cloning.backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(10));
  }

  @Test
  void restoresEverythingInOneCall() {
    DatomicConnection target = system.newDatabase();
    RestoreSummary summary = cloning.restore("w", target, OPTIONS);
    LogComparison.assertEqual(source, target);
    List<BackedUpSegment> segments = cloning.segments("w");
    assertThat(summary.segmentCount()).isEqualTo(segments.size());
    assertThat(summary.transactionCount())
        .isEqualTo(segments.stream().mapToLong(BackedUpSegment::transactionCount).sum());
    assertThat(summary.datomCount())
        .isEqualTo(segments.stream().mapToLong(BackedUpSegment::datomCount).sum());
    assertThat(summary.range()).hasValue(new TxRange(0, source.basisT() + 1));
    assertThat(summary.lastSourceT()).hasValue(source.basisT());
    assertThat(summary.unequalTs()).isEmpty();

    RestoreSummary again = cloning.restore("w", target, OPTIONS);
    assertThat(again.range()).isEmpty();
    assertThat(again.segmentCount()).isZero();
    assertThat(again.lastSourceT()).isEqualTo(summary.lastSourceT());
  }

  @Test
  void reportsTheProgressOfTheWholeRun() {
    List<Progress> seen = new ArrayList<>();
    RestoreSummary summary =
        cloning.restore("w", system.newDatabase(), OPTIONS.withListener(seen::add));
    TxRange whole = new TxRange(0, source.basisT() + 1);
    assertThat(seen).extracting(Progress::range).containsOnly(whole);
    assertThat(seen).extracting(Progress::spanTotal).containsOnly(whole.span());
    assertThat(seen).extracting(Progress::spanDone).isSorted();
    assertThat(seen).extracting(Progress::transactionsDone).isSorted();
    Progress last = seen.get(seen.size() - 1);
    assertThat(last.spanDone()).isEqualTo(whole.span());
    assertThat(last.transactionsDone()).isEqualTo(summary.transactionCount());
    assertThat(last.datomsDone()).isEqualTo(summary.datomCount());
  }

  @Test
  void restoresSegmentAfterSegment() {
    DatomicConnection target = system.newDatabase();
    try (RestoreSession session = cloning.openRestore("w", target, OPTIONS)) {
      assertThat(session.plan().range()).hasValue(new TxRange(0, source.basisT() + 1));
      int segmentCount = 0;
      while (session.next() instanceof RestoredSegment) {
        segmentCount++;
      }
      assertThat(segmentCount).isEqualTo(cloning.segments("w").size());
      assertThat(session.poll())
          .isInstanceOfSatisfying(
              NothingNewAvailable.class,
              end -> assertThat(end.lastSourceT()).isEqualTo(OptionalLong.of(source.basisT())));
    }
    LogComparison.assertEqual(source, target);
  }

  /** As another thread would: the call comes in the middle of a segment. */
  @Test
  void closingEndsARestoreBetweenTwoTransactions() {
    DatomicConnection target = system.newDatabase();
    RestoreSession[] open = new RestoreSession[1];
    AtomicInteger count = new AtomicInteger();
    RestoreOptions closing =
        OPTIONS.withListener(
            progress -> {
              if (count.incrementAndGet() == 15) {
                open[0].close();
              }
            });
    RestoreSession session = cloning.openRestore("w", target, closing);
    open[0] = session;
    assertThatThrownBy(session::run).isInstanceOf(CancellationException.class);
    assertThatThrownBy(session::next).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(session::plan).isInstanceOf(IllegalStateException.class);
    long reached = cloning.restoredThrough("w", target).orElseThrow().t();
    assertThat(reached).isPositive().isLessThan(source.basisT());

    RestoreSummary rest = cloning.restore("w", target, OPTIONS);
    assertThat(rest.range().orElseThrow().startT()).isEqualTo(reached + 1);
    LogComparison.assertEqual(source, target);
  }

  @Test
  void closingBetweenTwoSegmentsEndsARun() {
    RestoreSession[] open = new RestoreSession[1];
    CloningListener closing =
        new CloningListener() {
          @Override
          public void restored(String name, RestoredSegment segment, Duration duration) {
            open[0].close();
          }
        };
    DatomicConnection target = system.newDatabase();
    open[0] = cloning.withListener(closing).openRestore("w", target, OPTIONS);
    assertThatThrownBy(open[0]::run).isInstanceOf(CancellationException.class);
    assertThat(cloning.restoredThrough("w", target).orElseThrow().t()).isEqualTo(9);
  }

  /** What a listener throws reaches the caller, and ends a backup without a gap. */
  @Test
  void aListenerThatThrowsEndsABackup() {
    Cloning other = Cloning.with(new MemoryBackupStore());
    BackupOptions cancelling =
        BackupOptions.DEFAULTS
            .withTransactionCountMax(5)
            .withListener(
                progress -> {
                  throw new CancellationException("enough");
                });
    assertThatThrownBy(() -> other.backup("w", source, cancelling))
        .isInstanceOf(CancellationException.class)
        .hasMessage("enough");
    assertThat(other.backupGaps("w")).isEmpty();
    assertThat(other.storedThrough("w").orElseThrow().t()).isLessThan(source.basisT());
    other.backup("w", source, BackupOptions.DEFAULTS);
    assertThat(other.storedThrough("w").orElseThrow().t()).isEqualTo(source.basisT());
  }

  @Test
  void refusesAStartWhereSomethingElseDeterminesIt() {
    BackupOptions options = BackupOptions.DEFAULTS.startingAt(3);
    TxRange range = new TxRange(0, 5);
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> cloning.backupRange("w", source, range, options),
            () -> cloning.backupShard("w", source, range, new Shard(0, 1), options),
            () -> cloning.repairBackup("w", source, options))) {
      assertThatThrownBy(call)
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("t 3");
    }
  }

  @Test
  void namesAllBackupsOfAStore() {
    Cloning other = Cloning.with(new MemoryBackupStore());
    assertThat(other.backupNames()).isEmpty();
    other.backupSegment("b", source, new TxRange(0, 5));
    other.backupSegment("A", source, new TxRange(0, 5));
    assertThat(other.backupNames()).containsExactly("A", "b");
  }
}
