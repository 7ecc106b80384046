package com.fulcrologic.datomiccloudbackup.restore;

import static com.fulcrologic.datomiccloudbackup.restore.RestoreFixture.ONE_BY_ONE;
import static com.fulcrologic.datomiccloudbackup.restore.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.restore.RestoreFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.NothingNewAvailable;
import com.fulcrologic.datomiccloudbackup.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import com.fulcrologic.datomiccloudbackup.store.StoredSegment;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** While one segment is replayed, the next is fetched; what is restored stays the same. */
class FetchingAheadTest {
  private static final int TRANSACTION_COUNT = 6;

  private static LocalSystem system;
  private static DatomicConnection source;
  private static BackupStore stored;

  private WatchedStore store;
  private DatomicConnection target;

  @BeforeAll
  static void makeBackup() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    SampleWorld.fill(source);
    stored = new MemoryBackupStore();
    backUp(source, stored);
  }

  @BeforeEach
  void makeTarget() {
    store = new WatchedStore(stored);
    target = system.newDatabase();
  }

  @Test
  void aLoopWaitsForTheStoreInItsFirstTwoCallsOnly() {
    Restore restore = new Restore(StoredBackup.of(store, "w"));
    restoreSegments(restore, 2);
    store.callerRequestCount.set(0);
    for (int left = segments().size() - 2; left > 0; left--) {
      assertThat(restore.restoreSegment(target, OPTIONS)).isInstanceOf(RestoredSegment.class);
    }
    assertThat(store.callerRequestCount).hasValue(0);
    assertThat(store.aheadKeys).as("each of them once").doesNotHaveDuplicates();
    assertThat(store.aheadKeys).hasSize(segments().size() - 2);
    assertThat(restore.restoreSegment(target, OPTIONS)).isInstanceOf(NothingNewAvailable.class);
    LogComparison.assertEqual(source, target);
  }

  /** One who calls once a process pays for nothing that nobody uses. */
  @Test
  void aSingleCallFetchesNothingAhead() throws InterruptedException {
    for (TxRange ignored : segments()) {
      restoreSegments(new Restore(StoredBackup.of(store, "w")), 1);
    }
    awaitFetching();
    assertThat(store.aheadRequestCount).hasValue(0);
    LogComparison.assertEqual(source, target);
  }

  @Test
  void nothingBeyondThePointAskedForIsFetched() throws InterruptedException {
    List<TxRange> segments = segments();
    long lastT = segments.get(2).endT() - 1;
    restoreAll(new Restore(StoredBackup.of(store, "w")), target, OPTIONS.until(lastT));
    awaitFetching();
    assertThat(store.aheadKeys).containsExactly(key(segments.get(2)));
  }

  @Test
  void whatIsLargerThanTheBudgetIsFetchedWhenItIsNeeded() throws InterruptedException {
    store.listedSize = NextSegments.SIZE_AHEAD_MAX + 1;
    restoreAll(new Restore(StoredBackup.of(store, "w")), target, OPTIONS);
    awaitFetching();
    assertThat(store.aheadRequestCount).as("its size has to be asked").hasPositiveValue();
    assertThat(store.aheadKeys).isEmpty();
    LogComparison.assertEqual(source, target);

    store.listedSize = NextSegments.SIZE_AHEAD_MAX;
    restoreAll(new Restore(StoredBackup.of(store, "w")), system.newDatabase(), OPTIONS);
    awaitFetching();
    assertThat(store.aheadKeys).isNotEmpty();
  }

  /** An error too, as where memory does not suffice for two segments. */
  @Test
  void whatCannotBeFetchedAheadIsFetchedWhenItIsNeeded() {
    store.aheadFailure = new OutOfMemoryError("a test's");
    restoreAll(new Restore(StoredBackup.of(store, "w")), target, OPTIONS);
    assertThat(store.aheadRequestCount).hasPositiveValue();
    LogComparison.assertEqual(source, target);
  }

  /**
   * Another restore brings the target to the very end of what this one knows to be stored, and more
   * is stored since: "nothing new" would be wrong.
   */
  @Test
  void whatIsKnownFromTheLastCallIsNotUsedWhereTheTargetHasMoved() {
    DatomicConnection growing = system.newDatabase();
    SampleWorld.fill(growing);
    BackupStore memory = new MemoryBackupStore();
    backUp(growing, memory);
    Restore overtaken = new Restore(StoredBackup.of(memory, "w"));
    restoreSegments(overtaken, 2);
    restoreAll(new Restore(StoredBackup.of(memory, "w")), target, OPTIONS);
    SampleWorld.note(growing);
    backUp(growing, memory);

    assertThat(overtaken.restoreSegment(target, OPTIONS)).isInstanceOf(RestoredSegment.class);
    LogComparison.assertEqual(growing, target);
  }

  /** The same where both have got farther than what was known. */
  @Test
  void anotherRestoreGetsFartherThanWhatIsKnown() {
    DatomicConnection growing = system.newDatabase();
    SampleWorld.fill(growing);
    BackupStore memory = new MemoryBackupStore();
    backUp(growing, memory);
    Restore overtaken = new Restore(StoredBackup.of(memory, "w"));
    restoreSegments(overtaken, 2);
    SampleWorld.note(growing);
    backUp(growing, memory);
    restoreAll(new Restore(StoredBackup.of(memory, "w")), target, OPTIONS);

    assertThat(overtaken.pollSegment(target, OPTIONS)).isInstanceOf(NothingNewAvailable.class);
    LogComparison.assertEqual(growing, target);
  }

  /** The next segment was fetched, and is not the one that comes next. */
  @Test
  void aCallThatFailedIsTakenUpWhereItFailed() {
    AtomicInteger leftCount = new AtomicInteger(Integer.MAX_VALUE);
    DatomicConnection failing =
        new ForwardingConnection(target) {
          @Override
          public TransactionReport transact(List<?> txData) {
            if (leftCount.getAndDecrement() == 0) {
              throw new AnomalyException("transact", Anomaly.FORBIDDEN, null, null);
            }
            return super.transact(txData);
          }
        };
    Restore restore = new Restore(StoredBackup.of(store, "w"));
    for (int i = 0; i < 3; i++) {
      assertThat(restore.restoreSegment(failing, ONE_BY_ONE)).isInstanceOf(RestoredSegment.class);
    }
    leftCount.set(TRANSACTION_COUNT / 2);
    assertThatThrownBy(() -> restore.restoreSegment(failing, ONE_BY_ONE))
        .isInstanceOf(AnomalyException.class);
    restoreAll(restore, failing, ONE_BY_ONE);
    LogComparison.assertEqual(source, target);
  }

  @Test
  void whatComesInBeforeTheLastSegmentIsRestoredIsSeen() {
    DatomicConnection growing = system.newDatabase();
    SampleWorld.fill(growing);
    BackupStore memory = new MemoryBackupStore();
    backUp(growing, memory);
    Restore restore = new Restore(StoredBackup.of(memory, "w"));
    restoreSegments(restore, StoredBackup.of(memory, "w").segments().size());
    SampleWorld.note(growing);
    backUp(growing, memory);

    restoreSegments(restore, 1);
    LogComparison.assertEqual(growing, target);
  }

  /** Whoever is interrupted while it waits goes on by itself, and stays interrupted. */
  @Test
  void anInterruptEndsTheWaiting() {
    CountDownLatch never = new CountDownLatch(1);
    SegmentAhead stuck =
        new SegmentAhead(
            () -> {
              never.await();
              return Optional.empty();
            });
    Thread.currentThread().interrupt();
    try {
      assertThat(stuck.await()).isEmpty();
      assertThat(Thread.interrupted()).isTrue();
    } finally {
      never.countDown();
    }
  }

  private void restoreSegments(Restore restore, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(restore.restoreSegment(target, OPTIONS)).isInstanceOf(RestoredSegment.class);
    }
  }

  private static void backUp(DatomicConnection database, BackupStore store) {
    Cloning.with(store)
        .backup("w", database, BackupOptions.DEFAULTS.withTransactionCountMax(TRANSACTION_COUNT));
  }

  private static List<TxRange> segments() {
    List<TxRange> segments =
        StoredBackup.of(stored, "w").segments().stream().map(StoredSegment::range).toList();
    assertThat(segments).hasSizeGreaterThan(4);
    return segments;
  }

  private static String key(TxRange range) {
    return StoredBackup.of(stored, "w").key(range);
  }

  private static void awaitFetching() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith(SegmentAhead.THREAD_NAME)) {
        thread.join();
      }
    }
  }

  /** Knows who asks: a thread that fetches ahead, or the caller's own. */
  private static final class WatchedStore extends ForwardingBackupStore {
    final AtomicInteger callerRequestCount = new AtomicInteger();
    final AtomicInteger aheadRequestCount = new AtomicInteger();
    final List<String> aheadKeys = new ArrayList<>(); // one thread at a time, each waited for
    volatile @Nullable Error aheadFailure;
    volatile @Nullable Long listedSize;

    WatchedStore(BackupStore real) {
      super(real);
    }

    @Override
    public Optional<byte[]> read(String key, int sizeMax) {
      if (isAhead()) {
        aheadKeys.add(key);
      }
      request();
      return super.read(key, sizeMax);
    }

    @Override
    public Stream<StoredObject> list(String prefix, String startAfter) {
      request();
      Stream<StoredObject> objects = super.list(prefix, startAfter);
      Long size = listedSize;
      return size == null ? objects : objects.map(object -> new StoredObject(object.key(), size));
    }

    private void request() {
      (isAhead() ? aheadRequestCount : callerRequestCount).incrementAndGet();
      Error failure = aheadFailure;
      if (isAhead() && failure != null) {
        throw failure;
      }
    }

    private static boolean isAhead() {
      return Thread.currentThread().getName().startsWith(SegmentAhead.THREAD_NAME);
    }
  }
}
