package com.fulcrologic.datomiccloudbackup.internal.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.BackupOutcome;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.NothingNewToBackUp;
import com.fulcrologic.datomiccloudbackup.BackupSummary;
import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.Shard;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.upkeep.Compaction;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.testing.Seeds;
import com.fulcrologic.datomiccloudbackup.testing.Stores;
import com.fulcrologic.datomiccloudbackup.upkeep.CompactOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backup that ends anywhere leaves no gap, and a later one fills each gap that it finds. */
class BackupGapTest {
  private static final RetryPolicy AT_ONCE = new RetryPolicy(2, Duration.ZERO, Duration.ZERO);
  private static final BackupOptions OPTIONS =
      BackupOptions.DEFAULTS.withRetryPolicy(AT_ONCE).withTransactionCountMax(2);

  private static DatomicConnection source;
  private static long endT;

  private BackupStore store;
  private StoredBackup stored;

  @BeforeAll
  static void makeSource() {
    source = LocalSystem.inMemory().newDatabase();
    SampleWorld.fill(source);
    endT = source.basisT() + 1;
  }

  @BeforeEach
  void makeStore() {
    store = Stores.memory();
    stored = StoredBackup.of(store, "w");
  }

  /** Each segment in turn fails for good, while four are in the making. */
  @Test
  void nothingIsStoredBehindASegmentThatKeepsFailing() {
    for (long failing = 0; failing + 1 < endT; failing += 2) {
      long failingT = failing;
      StoredBackup name = StoredBackup.of(store, "failing-" + failing);
      DatomicConnection broken = failingAt(Set.of(failingT));
      assertThatThrownBy(() -> new Backup(name, broken, CloningListener.IGNORING).backup(OPTIONS))
          .isInstanceOf(IncompleteBackupException.class)
          .hasMessageContaining("t " + failing + " to ");
      assertThat(name.gaps(0)).as("t %d", failing).isEmpty();
      assertThat(name.cover().endT()).isEqualTo(failing);
      new Backup(name, source, CloningListener.IGNORING).backup(OPTIONS);
      assertThat(name.cover().prefixEndT()).isEqualTo(endT);
    }
  }

  /** Faults of the source and of the store at random; a reader looks after each write. */
  @Test
  void noReaderEverSeesAGap() {
    long seed = Seeds.seed(BackupGapTest.class);
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 40; round++) {
      StoredBackup name = StoredBackup.of(store, "round-" + round);
      List<TxRange> gaps = Collections.synchronizedList(new ArrayList<>());
      AtomicInteger writes = new AtomicInteger();
      int failingWrite = random.nextInt(1, 40);
      BackupStore watched =
          new ForwardingBackupStore(store) {
            @Override
            public boolean create(String key, byte[] content) {
              if (writes.incrementAndGet() == failingWrite) {
                throw new com.fulcrologic.datomiccloudbackup.exceptions.StoreAccessDeniedException(
                    "no", "no");
              }
              boolean created = super.create(key, content);
              gaps.addAll(name.gaps(0));
              return created;
            }
          };
      DatomicConnection broken = failingAt(Set.of(2 * random.nextLong(endT)));
      int parallelism = random.nextInt(1, 9);
      try {
        new Backup(StoredBackup.of(watched, "round-" + round), broken, CloningListener.IGNORING)
            .backup(OPTIONS.withParallelism(parallelism));
      } catch (com.fulcrologic.datomiccloudbackup.BackupException expected) {
        assertThat(expected.getMessage()).isNotNull();
      }
      assertThat(gaps).as("seed %d, round %d", seed, round).isEmpty();
    }
  }

  @Test
  void aBackupFillsTheGapsBeforeItGoesOn() {
    Backup backup = new Backup(stored, source, CloningListener.IGNORING);
    backup.backupSegment(new TxRange(0, 10), AT_ONCE);
    backup.backupSegment(new TxRange(20, 30), AT_ONCE);
    backup.backupSegment(new TxRange(36, 40), AT_ONCE);

    Set<TxRange> told = new ConcurrentSkipListSet<>();
    BackupSummary summary = new Backup(stored, source, telling(told)).backup(OPTIONS);

    assertThat(told).containsExactly(new TxRange(10, 20), new TxRange(30, 36));
    assertThat(summary.segments().get(0).range()).isEqualTo(new TxRange(10, 12));
    assertThat(stored.gaps(0)).isEmpty();
    assertThat(stored.cover().endT()).isEqualTo(endT);
  }

  /** The headless backup too: its beginning is a gap. */
  @Test
  void theNextSegmentFillsAGapFirst() {
    Backup backup = new Backup(stored, source, CloningListener.IGNORING);
    backup.backupSegment(new TxRange(20, 30), AT_ONCE);

    assertThat(next(backup, 15)).isEqualTo(new TxRange(0, 15));
    assertThat(next(backup, 15)).isEqualTo(new TxRange(15, 20));
    assertThat(next(backup, 15)).isEqualTo(new TxRange(30, 45));
  }

  @Test
  void nothingNewIsOnlySaidOfALogWithoutAGap() {
    Backup backup = new Backup(stored, source, CloningListener.IGNORING);
    backup.backupSegment(new TxRange(10, endT), AT_ONCE);

    assertThat(next(backup, 100)).isEqualTo(new TxRange(0, 10));
    assertThat(backup.backupNextSegment(100, AT_ONCE)).isEqualTo(new NothingNewToBackUp(endT - 1));
  }

  /** In a log that leaves t out, a gap may hold no transaction at all. */
  @Test
  void aGapWithoutTransactionsIsFilledToo() {
    DatomicConnection sparse = new EveryThirdT(source);
    Backup backup = new Backup(stored, sparse, CloningListener.IGNORING);
    backup.backupSegment(new TxRange(0, 61), AT_ONCE);
    backup.backupSegment(new TxRange(62, 90), AT_ONCE);
    assertThat(stored.gaps(0)).containsExactly(new TxRange(61, 62));

    backup.backup(OPTIONS);
    assertThat(stored.gaps(0)).isEmpty();
    assertThat(stored.cover().endT()).isEqualTo(sparse.basisT() + 1);
  }

  @Test
  void segmentsPublishedInOrderStateThatTheirPrefixIsStored() {
    Backup backup = new Backup(stored, source, CloningListener.IGNORING);
    backup.backup(OPTIONS.withTransactionCountMax(7));
    assertThat(stating()).hasSize(stored.segments().size());

    stored = StoredBackup.of(store, "shards");
    Backup shards = new Backup(stored, source, CloningListener.IGNORING);
    TxRange whole = new TxRange(0, endT);
    shards.backupShard(whole, new Shard(1, 2), OPTIONS);
    assertThat(stating()).as("nothing is before the second share").isEmpty();
    shards.backupShard(whole, new Shard(0, 2), OPTIONS);
    assertThat(stating())
        .hasSizeBetween(stored.segments().size() / 2, 1 + stored.segments().size() / 2);
    assertThat(shards.backup(OPTIONS).segments()).as("all shares are stored").isEmpty();
  }

  /** So a step after a compaction costs as little as before. */
  @Test
  void aCompactionStatesWhatTheSegmentsStated() {
    new Backup(stored, source, CloningListener.IGNORING).backup(OPTIONS);
    new Compaction(stored).compact(CompactOptions.DEFAULTS.withTransactionCountMax(20));
    assertThat(stored.segments()).anyMatch(segment -> segment.range().span() == 20);
    assertThat(stating()).hasSize(stored.segments().size());
  }

  @Test
  void aStepListsAllSegmentsOnlyWhereTheNewestStatesNothing() {
    AtomicInteger requests = new AtomicInteger();
    AtomicInteger wholeListings = new AtomicInteger();
    Backup counted =
        new Backup(
            StoredBackup.of(counting(requests, wholeListings), "w"),
            source,
            CloningListener.IGNORING);
    counted.backupSegment(new TxRange(0, 10), AT_ONCE);
    counted.backupSegment(new TxRange(9, 10), AT_ONCE);
    counted.backupSegment(new TxRange(12, 13), AT_ONCE); // states nothing
    wholeListings.set(0);
    assertThat(next(counted, 1)).isEqualTo(new TxRange(10, 11));
    assertThat(next(counted, 1)).isEqualTo(new TxRange(11, 12));
    assertThat(next(counted, 1)).isEqualTo(new TxRange(13, 14));
    assertThat(wholeListings).hasValue(3);
    for (long t = 14; t < endT; t++) {
      requests.set(0);
      assertThat(next(counted, 1)).isEqualTo(new TxRange(t, t + 1));
      assertThat(requests).hasValueLessThanOrEqualTo(8);
    }
    assertThat(wholeListings).as("once the newest states it").hasValue(3);
  }

  private static TxRange next(Backup backup, int countMax) {
    BackupOutcome outcome = backup.backupNextSegment(countMax, AT_ONCE);
    return ((BackedUpSegment) outcome).range();
  }

  private List<TxRange> stating() {
    return stored.segments().stream()
        .map(segment -> segment.range())
        .filter(range -> stored.info(range).prefixStored())
        .toList();
  }

  private static CloningListener telling(Set<TxRange> gaps) {
    return new CloningListener() {
      @Override
      public void gapFound(String name, TxRange missing) {
        gaps.add(missing);
      }
    };
  }

  private static DatomicConnection failingAt(Set<Long> ts) {
    return new ForwardingConnection(source) {
      @Override
      public Stream<Transaction> txRange(TxRange range) {
        if (range.span() == 2 && ts.contains(range.startT())) {
          throw new AnomalyException("read", Anomaly.BUSY, null, null);
        }
        return super.txRange(range);
      }
    };
  }

  /** A log in which only every third t exists. */
  private static final class EveryThirdT extends ForwardingConnection {
    private static final long STEP = 3;

    EveryThirdT(DatomicConnection real) {
      super(real);
    }

    @Override
    public long basisT() {
      return STEP * super.basisT();
    }

    @Override
    public Stream<Transaction> txRange(TxRange range) {
      return super.txRange(new TxRange(0, super.basisT() + 1))
          .map(real -> new Transaction(STEP * real.t(), real.tx(), real.datoms()))
          .filter(transaction -> range.contains(transaction.t()));
    }

    @Override
    public Stream<Datom> datoms(View view, Index index, Object... components) {
      View real = new View(OptionalLong.of(view.asOfT().orElseThrow() / STEP), view.history());
      return super.datoms(real, index, components);
    }
  }

  private BackupStore counting(AtomicInteger requests, AtomicInteger wholeListings) {
    return new ForwardingBackupStore(store) {
      @Override
      public boolean create(String key, byte[] content) {
        requests.incrementAndGet();
        return super.create(key, content);
      }

      @Override
      public java.util.Optional<byte[]> read(String key, int sizeMax) {
        requests.incrementAndGet();
        return super.read(key, sizeMax);
      }

      @Override
      public Stream<StoredObject> list(String prefix, String startAfter) {
        requests.incrementAndGet();
        wholeListings.addAndGet(prefix.endsWith("/segments/") ? 1 : 0);
        return super.list(prefix, startAfter);
      }
    };
  }
}
