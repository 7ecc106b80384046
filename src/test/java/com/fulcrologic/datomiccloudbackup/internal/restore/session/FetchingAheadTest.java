package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.ONE_BY_ONE;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.NothingNewAvailable;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.FilesystemBackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import com.fulcrologic.datomiccloudbackup.testing.CountingConnection;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LibraryThreads;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    assertThat(SegmentAhead.THREADS.newThread(() -> {}).getName())
        .startsWith(LibraryThreads.FETCHING);
    Restoring restore = new Restoring(StoredBackup.of(store, "w"));
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
      restoreSegments(new Restoring(StoredBackup.of(store, "w")), 1);
    }
    LibraryThreads.awaitFetching();
    assertThat(store.aheadRequestCount).hasValue(0);
    LogComparison.assertEqual(source, target);
  }

  /** What follows is the other's, each time. */
  @Test
  void twoThatTakeTurnsFetchNothingAhead() throws InterruptedException {
    Restoring one = new Restoring(StoredBackup.of(store, "w"));
    Restoring other = new Restoring(StoredBackup.of(store, "w"));
    for (int i = 0; i < segments().size(); i++) {
      restoreSegments(i % 2 == 0 ? one : other, 1);
    }
    LibraryThreads.awaitFetching();
    assertThat(store.aheadRequestCount).hasValue(0);
    LogComparison.assertEqual(source, target);
  }

  @Test
  void nothingBeyondThePointAskedForIsFetched() throws InterruptedException {
    List<TxRange> segments = segments();
    long lastT = segments.get(2).endT() - 1;
    restoreAll(new Restoring(StoredBackup.of(store, "w")), target, OPTIONS.until(lastT));
    LibraryThreads.awaitFetching();
    assertThat(store.aheadKeys).containsExactly(key(segments.get(2)));
  }

  @Test
  void whatIsLargerThanTheBudgetIsFetchedWhenItIsNeeded() throws InterruptedException {
    store.listedSize = SegmentAhead.SIZE_MAX + 1;
    restoreAll(new Restoring(StoredBackup.of(store, "w")), target, OPTIONS);
    LibraryThreads.awaitFetching();
    assertThat(store.aheadRequestCount).as("its size has to be asked").hasPositiveValue();
    assertThat(store.aheadKeys).isEmpty();
    LogComparison.assertEqual(source, target);

    store.listedSize = SegmentAhead.SIZE_MAX;
    restoreAll(new Restoring(StoredBackup.of(store, "w")), system.newDatabase(), OPTIONS);
    LibraryThreads.awaitFetching();
    assertThat(store.aheadKeys).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void whatCannotBeFetchedAheadIsFetchedWhenItIsNeeded(Fault fault) {
    store.aheadFault = fault;
    restoreAll(new Restoring(StoredBackup.of(store, "w")), target, OPTIONS);
    assertThat(store.aheadFaultCount).hasPositiveValue();
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
    Restoring overtaken = new Restoring(StoredBackup.of(memory, "w"));
    restoreSegments(overtaken, 2);
    restoreAll(new Restoring(StoredBackup.of(memory, "w")), target, OPTIONS);
    SampleWorld.note(growing);
    backUp(growing, memory);

    assertThat(overtaken.restoreSegment(target, OPTIONS)).isInstanceOf(RestoredSegment.class);
    LogComparison.assertEqual(growing, target);
  }

  /** What was fetched is not what comes next, though nothing has come in. */
  @Test
  void aTargetThatAnotherRestoreHasMovedIsTakenUpWhereItStands() {
    Restoring overtaken = new Restoring(StoredBackup.of(store, "w"));
    restoreSegments(overtaken, 2);
    restoreSegments(new Restoring(StoredBackup.of(stored, "w")), 1);
    restoreAll(overtaken, target, OPTIONS);
    LogComparison.assertEqual(source, target);
  }

  /**
   * Another restore has got farther. To see that the newest segment is another one now fails
   * halfway, and then that one is gone, covered by a larger one.
   */
  @Test
  void whatWasSeenByACallThatFailedIsNotBelieved() {
    DatomicConnection growing = system.newDatabase();
    SampleWorld.fill(growing);
    BackupStore memory = new MemoryBackupStore();
    backUp(growing, memory);
    WatchedStore watched = new WatchedStore(memory);
    Restoring overtaken = new Restoring(StoredBackup.of(watched, "w"));
    restoreSegments(overtaken, 2);
    long startT = growing.basisT();
    SampleWorld.note(growing);
    backUp(growing, memory);
    restoreAll(new Restoring(StoredBackup.of(memory, "w")), target, OPTIONS);
    StoredBackup backup = StoredBackup.of(memory, "w");
    watched.goneKey = backup.key(backup.newest().orElseThrow().range());
    watched.isGoneListed = true;
    assertThatThrownBy(() -> overtaken.restoreSegment(target, OPTIONS))
        .isInstanceOf(StoreException.class);

    TxRange larger = new TxRange(startT, growing.basisT() + 1);
    assertThat(Cloning.with(memory).backupSegment("w", growing, larger)).contains(larger);
    watched.isGoneListed = false;
    assertThat(overtaken.restoreSegment(target, OPTIONS)).isInstanceOf(NothingNewAvailable.class);
    LogComparison.assertEqual(growing, target);
  }

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
    Restoring restore = new Restoring(StoredBackup.of(store, "w"));
    for (int i = 0; i < 3; i++) {
      assertThat(restore.restoreSegment(failing, ONE_BY_ONE)).isInstanceOf(RestoredSegment.class);
    }
    leftCount.set(TRANSACTION_COUNT / 2);
    assertThatThrownBy(() -> restore.restoreSegment(failing, ONE_BY_ONE))
        .isInstanceOf(AnomalyException.class);
    restoreAll(restore, failing, ONE_BY_ONE);
    LogComparison.assertEqual(source, target);
  }

  /** What is known of the store ends with the last segment, which was fetched ahead or restored. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whatComesInBeforeOrAfterTheLastSegmentIsRestoredIsSeen(int leftCount) {
    DatomicConnection growing = system.newDatabase();
    SampleWorld.fill(growing);
    BackupStore memory = new MemoryBackupStore();
    backUp(growing, memory);
    Restoring restore = new Restoring(StoredBackup.of(memory, "w"));
    restoreSegments(restore, StoredBackup.of(memory, "w").segments().size() - leftCount);
    SampleWorld.note(growing);
    backUp(growing, memory);

    restoreSegments(restore, leftCount + 1);
    LogComparison.assertEqual(growing, target);
  }

  /** The name that is to be left out goes to an attribute whose values are still to come. */
  @Test
  void aFilterLooksAtEachCallWhatItsNameMeans() {
    DatomicConnection growing = system.newDatabase();
    growing.transact(
        forms(
            "[{:db/ident :p/phone :db/valueType :db.type/string :db/cardinality :db.cardinality/one}"
                + " {:db/ident :p/name :db/valueType :db.type/string"
                + "  :db/cardinality :db.cardinality/one}]"));
    for (int i = 0; i < 3 * TRANSACTION_COUNT; i++) {
      SampleWorld.note(growing);
    }
    growing.transact(
        forms(
            "[{:db/ident :p/mobile :db/valueType :db.type/string"
                + " :db/cardinality :db.cardinality/one}]"));
    growing.transact(forms("[{:p/name \"a\" :p/mobile \"secret\"}]"));
    BackupStore memory = new MemoryBackupStore();
    backUp(growing, memory);
    Restoring restore = new Restoring(StoredBackup.of(memory, "w"));
    RestoreOptions filtered = OPTIONS.excluding(":p/phone");
    for (int i = 0; i < 3; i++) {
      assertThat(restore.restoreSegment(target, filtered)).isInstanceOf(RestoredSegment.class);
    }

    growing.transact(forms("[[:db/add :p/phone :db/ident :p/landline]]"));
    growing.transact(forms("[[:db/add :p/mobile :db/ident :p/phone]]"));
    backUp(growing, memory);
    assertThatThrownBy(() -> restoreAll(restore, target, filtered))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("has since taken one of the filtered idents");
    try (Stream<Datom> left = target.datoms(View.CURRENT.withHistory(), Index.EAVT)) {
      assertThat(left.map(Datom::v)).contains("a").doesNotContain("secret");
    }
  }

  /** As before anything was fetched ahead: the store refuses what an interrupted thread asks. */
  @Test
  void anInterruptEndsALoop(@TempDir Path directory) throws InterruptedException {
    BackupStore files = FilesystemBackupStore.at(directory);
    backUp(source, files);
    Restoring restore = new Restoring(StoredBackup.of(files, "w"));
    restoreSegments(restore, 3);
    LibraryThreads.awaitFetching();
    CountingConnection watched = new CountingConnection(target);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> restore.restoreSegment(watched, OPTIONS))
          .isInstanceOf(StoreException.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted(); // not for whatever comes next
    }
    assertThat(watched.transactCount()).isZero();
    restoreAll(restore, target, OPTIONS);
    LogComparison.assertEqual(source, target);
  }

  /** Who is interrupted while it waits asks for itself, and stays interrupted. */
  @Test
  void anInterruptEndsTheWaiting() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    SegmentAhead stuck =
        new SegmentAhead(
            StoredBackup.of(
                new ForwardingBackupStore(stored) {
                  @Override
                  public Stream<StoredObject> list(String prefix, String startAfter) {
                    awaitUninterruptibly(never);
                    return super.list(prefix, startAfter);
                  }
                },
                "w"),
            0);
    List<Object> seen = new CopyOnWriteArrayList<>();
    Thread waiting =
        new Thread(
            () -> {
              seen.add(stuck.await());
              seen.add(Thread.currentThread().isInterrupted());
            });
    waiting.start();
    try {
      while (waiting.getState() != Thread.State.WAITING && waiting.isAlive()) {
        Thread.sleep(1);
      }
      waiting.interrupt();
      waiting.join(60_000);
    } finally {
      never.countDown();
    }
    assertThat(seen).containsExactly(Optional.empty(), true);
  }

  private void restoreSegments(Restoring restore, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(restore.restoreSegment(target, OPTIONS)).isInstanceOf(RestoredSegment.class);
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException nobodyInterruptsIt) {
      throw new IllegalStateException(nobodyInterruptsIt);
    }
  }

  private static List<?> forms(String edn) {
    return (List<?>) Edn.read(edn);
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

  /** What goes wrong ahead; the first two as an error, as where memory does not suffice. */
  private enum Fault {
    OF_A_LISTING,
    OF_A_READ,
    OF_THE_CONTENT
  }

  /** Knows who asks: a thread that fetches ahead, or the caller's own. */
  private static final class WatchedStore extends ForwardingBackupStore {
    final AtomicInteger callerRequestCount = new AtomicInteger();
    final AtomicInteger aheadRequestCount = new AtomicInteger();
    final List<String> aheadKeys = new ArrayList<>(); // one thread at a time, each waited for
    final AtomicInteger aheadFaultCount = new AtomicInteger();
    volatile @Nullable Fault aheadFault;
    volatile @Nullable Long listedSize;
    volatile @Nullable String goneKey; // cannot be read
    volatile boolean isGoneListed;

    WatchedStore(BackupStore real) {
      super(real);
    }

    @Override
    public Optional<byte[]> read(String key, int sizeMax) {
      request(Fault.OF_A_READ);
      if (key.equals(goneKey)) {
        return Optional.empty();
      }
      Optional<byte[]> content = super.read(key, sizeMax);
      if (isAhead()) {
        aheadKeys.add(key);
        if (strikes(Fault.OF_THE_CONTENT)) {
          return content.map(bytes -> Arrays.copyOf(bytes, bytes.length - 1));
        }
      }
      return content;
    }

    @Override
    public Stream<StoredObject> list(String prefix, String startAfter) {
      request(Fault.OF_A_LISTING);
      Stream<StoredObject> objects =
          super.list(prefix, startAfter)
              .filter(object -> isGoneListed || !object.key().equals(goneKey));
      Long size = listedSize;
      return size == null ? objects : objects.map(object -> new StoredObject(object.key(), size));
    }

    private void request(Fault fault) {
      (isAhead() ? aheadRequestCount : callerRequestCount).incrementAndGet();
      if (strikes(fault)) {
        throw new OutOfMemoryError("a test's");
      }
    }

    private boolean strikes(Fault fault) {
      if (!isAhead() || fault != aheadFault) {
        return false;
      }
      aheadFaultCount.incrementAndGet();
      return true;
    }

    private static boolean isAhead() {
      return Thread.currentThread().getName().startsWith(LibraryThreads.FETCHING);
    }
  }
}
