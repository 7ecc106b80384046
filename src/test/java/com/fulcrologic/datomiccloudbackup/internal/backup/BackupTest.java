package com.fulcrologic.datomiccloudbackup.internal.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.NothingNewToBackUp;
import com.fulcrologic.datomiccloudbackup.BackupSummary;
import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreAccessDeniedException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.testing.Stores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is stored is the log, whole and once, whatever the source does meanwhile. */
class BackupTest {
  private static final RetryPolicy AT_ONCE = new RetryPolicy(4, Duration.ZERO, Duration.ZERO);
  private static final RetryPolicy PATIENT = new RetryPolicy(40, Duration.ZERO, Duration.ZERO);
  private static final BackupOptions OPTIONS =
      BackupOptions.DEFAULTS.withRetryPolicy(AT_ONCE).withTransactionCountMax(10);

  private static LocalSystem system;
  private static DatomicConnection source;

  private BackupStore store;
  private StoredBackup stored;

  @BeforeAll
  static void makeSource() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    SampleWorld.fill(source);
  }

  @BeforeEach
  void makeStore() {
    store = Stores.memory();
    stored = StoredBackup.of(store, "w");
  }

  @Test
  void storesTheWholeLogInNeighbouringSegments() {
    List<Progress> told = Collections.synchronizedList(new ArrayList<>());
    BackupSummary summary =
        new Backup(stored, source, CloningListener.IGNORING)
            .backup(OPTIONS.withListener(told::add));
    assertThat(summary.basisT()).isEqualTo(source.basisT());
    assertThat(summary.transactionCount()).isEqualTo(source.basisT() + 1);
    assertThat(stored.gaps(0)).isEmpty();
    assertThat(storedLog()).isEqualTo(log(source, 0, source.basisT() + 1));
    assertThat(told).hasSameSizeAs(summary.segments());
    assertThat(told).anyMatch(progress -> progress.spanDone() == progress.range().span());
  }

  @Test
  void storesNothingTwice() {
    new Backup(stored, source, CloningListener.IGNORING).backup(OPTIONS);
    List<StoredObject> before = objects();
    assertThat(new Backup(stored, source, CloningListener.IGNORING).backup(OPTIONS).segments())
        .isEmpty();
    assertThat(new Backup(stored, source, CloningListener.IGNORING).backupNextSegment(10, AT_ONCE))
        .isEqualTo(new NothingNewToBackUp(source.basisT()));
    assertThat(
            new Backup(stored, source, CloningListener.IGNORING)
                .backup(OPTIONS.startingAt(0))
                .transactionCount())
        .isEqualTo(source.basisT() + 1);
    assertThat(objects()).isEqualTo(before);
  }

  @Test
  void storesTheNextSegmentFromTheLogsBeginningOn() {
    Backup backup = new Backup(stored, source, CloningListener.IGNORING);
    assertThat(((BackedUpSegment) backup.backupNextSegment(7, AT_ONCE)).range())
        .isEqualTo(new TxRange(0, 7));
    assertThat(((BackedUpSegment) backup.backupNextSegment(7, AT_ONCE)).range())
        .isEqualTo(new TxRange(7, 14));
  }

  @Test
  void refusesASegmentOfNoTransactions() {
    for (int count : new int[] {0, -1}) {
      assertThatThrownBy(
              () ->
                  new Backup(stored, source, CloningListener.IGNORING)
                      .backupNextSegment(count, AT_ONCE))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void tellsWhatWasReallyStored() {
    Backup backup = new Backup(stored, source, CloningListener.IGNORING);
    long end = source.basisT() + 1;
    assertThat(backup.backupSegment(new TxRange(10, 10 + 1_000), AT_ONCE).orElseThrow().range())
        .isEqualTo(new TxRange(10, end));
    assertThat(backup.backupSegment(new TxRange(end, end + 5), AT_ONCE)).isEmpty();
    Optional<BackedUpSegment> first = backup.backupSegment(new TxRange(0, 10), AT_ONCE);
    assertThat(backup.backupSegment(new TxRange(0, 10), AT_ONCE)).isEqualTo(first).isPresent();
  }

  @Test
  void cutsASegmentAtItsByteBound() {
    BackupSummary summary =
        new Backup(stored, source, CloningListener.IGNORING, 2_000)
            .backup(OPTIONS.withTransactionCountMax(1_000));
    assertThat(summary.segments()).hasSizeGreaterThan(4);
    assertThat(storedLog()).isEqualTo(log(source, 0, source.basisT() + 1));
    assertThat(stored.gaps(0)).isEmpty();
  }

  @Test
  void findsAndFillsGaps() {
    Backup backup = new Backup(stored, source, CloningListener.IGNORING);
    backup.backupSegment(new TxRange(10, 20), AT_ONCE);
    backup.backupSegment(new TxRange(15, 25), AT_ONCE); // overlap is no fault
    backup.backupSegment(new TxRange(30, 31), AT_ONCE);
    assertThat(stored.gaps(0)).containsExactly(new TxRange(0, 10), new TxRange(25, 30));
    BackupSummary repaired = backup.repair(OPTIONS);
    assertThat(repaired.segments().stream().map(BackedUpSegment::range))
        .containsExactly(new TxRange(0, 10), new TxRange(25, 30));
    assertThat(stored.gaps(0)).isEmpty();
    assertThat(backup.repair(OPTIONS).segments()).isEmpty();
  }

  @Test
  void survivesALogThatFailsInMidStream() {
    AtomicInteger reads = new AtomicInteger();
    DatomicConnection shaky =
        new ForwardingConnection(source) {
          @Override
          public Stream<Transaction> txRange(TxRange range) {
            Stream<Transaction> log = super.txRange(range);
            if (reads.incrementAndGet() % 3 != 0 || range.span() < 5) {
              return log;
            }
            return log.peek(
                transaction -> {
                  if (transaction.t() >= range.startT() + 3) {
                    throw new AnomalyException("read", Anomaly.UNAVAILABLE, null, null);
                  }
                });
          }
        };
    new Backup(stored, shaky, CloningListener.IGNORING).backup(OPTIONS.withRetryPolicy(PATIENT));
    assertThat(storedLog()).isEqualTo(log(source, 0, source.basisT() + 1));
  }

  /** A log that ends before its basis is a fault of the source, and never a segment. */
  @Test
  void refusesALogThatComesBackShort() {
    DatomicConnection cut =
        new ForwardingConnection(source) {
          @Override
          public Stream<Transaction> txRange(TxRange range) {
            return super.txRange(range).filter(transaction -> transaction.t() < 25);
          }
        };
    assertThatThrownBy(() -> new Backup(stored, cut, CloningListener.IGNORING).backup(OPTIONS))
        .isInstanceOf(AnomalyException.class)
        .hasMessageContaining("came back short");
    assertThatThrownBy(
            () ->
                new Backup(stored, cut, CloningListener.IGNORING)
                    .backupSegment(new TxRange(20, 30), AT_ONCE))
        .isInstanceOf(AnomalyException.class)
        .hasMessageContaining("came back short");
    assertThat(stored.covering(25)).isEmpty();
  }

  @Test
  void refusesALogThatLeavesSomethingOutAtFirst() {
    AtomicInteger reads = new AtomicInteger();
    DatomicConnection forgetful =
        new ForwardingConnection(source) {
          @Override
          public Stream<Transaction> txRange(TxRange range) {
            return range.span() > 3 && reads.incrementAndGet() < 30
                ? super.txRange(range).filter(transaction -> transaction.t() % 10 != 7)
                : super.txRange(range);
          }
        };
    new Backup(stored, forgetful, CloningListener.IGNORING)
        .backup(OPTIONS.withRetryPolicy(PATIENT));
    assertThat(storedLog()).isEqualTo(log(source, 0, source.basisT() + 1));
  }

  @Test
  void stopsEarlyAndLoudlyWhenASegmentKeepsFailing() {
    AtomicInteger reads = new AtomicInteger();
    DatomicConnection broken =
        new ForwardingConnection(source) {
          @Override
          public Stream<Transaction> txRange(TxRange range) {
            if (range.startT() == 20) {
              reads.incrementAndGet();
              throw new AnomalyException("read", Anomaly.BUSY, null, null);
            }
            return super.txRange(range);
          }
        };
    BackupOptions one = OPTIONS.withParallelism(1);
    assertThatThrownBy(() -> new Backup(stored, broken, CloningListener.IGNORING).backup(one))
        .isInstanceOf(IncompleteBackupException.class)
        .hasMessageContaining("t 20 to 29");
    assertThat(reads).hasValueLessThanOrEqualTo(3 * AT_ONCE.attemptCountMax());
    assertThat(stored.covering(19)).isPresent();
    assertThat(stored.covering(20)).isEmpty();
    assertThat(stored.covering(40)).as("it stopped early").isEmpty();
  }

  /** Neither of the segments that were made meanwhile, nor of later ones. */
  @Test
  void storesNothingMoreOnceASegmentHasFailed() {
    String denied = stored.key(new TxRange(10, 11));
    BackupStore failing =
        new ForwardingBackupStore(store) {
          @Override
          public boolean create(String key, byte[] content) {
            if (key.equals(denied)) {
              throw new StoreAccessDeniedException("Failed to write", "grant it");
            }
            return super.create(key, content);
          }
        };
    BackupOptions many = OPTIONS.withTransactionCountMax(1).withParallelism(4).startingAt(8);
    assertThatThrownBy(
            () ->
                new Backup(StoredBackup.of(failing, "w"), source, CloningListener.IGNORING)
                    .backup(many))
        .isInstanceOf(StoreAccessDeniedException.class);
    assertThat(stored.segments())
        .extracting(StoredSegment::range)
        .containsExactly(new TxRange(8, 9), new TxRange(9, 10));
  }

  @Test
  void failsAtOnceWhenTheStoreDeniesAccess() {
    assertFailsAtOnce(
        new StoreAccessDeniedException("Failed to write", "grant it"),
        StoreAccessDeniedException.class);
  }

  /** Waiting does not make room: what is stored stays, and the reason is told. */
  @Test
  void failsAtOnceWhenTheStoreIsFull() {
    assertFailsAtOnce(
        StoreException.lasting("Failed to write: no room", "make room", null),
        IncompleteBackupException.class);
  }

  private void assertFailsAtOnce(BackupException fault, Class<? extends BackupException> told) {
    AtomicInteger attempts = new AtomicInteger();
    BackupStore failing =
        new ForwardingBackupStore(store) {
          @Override
          public boolean create(String key, byte[] content) {
            if (!key.contains("/segments/")) {
              return super.create(key, content);
            }
            attempts.incrementAndGet();
            throw fault;
          }
        };
    assertThatThrownBy(
            () ->
                new Backup(StoredBackup.of(failing, "w"), source, CloningListener.IGNORING)
                    .backup(OPTIONS.withParallelism(1).withRetryPolicy(PATIENT)))
        .isInstanceOfSatisfying(
            told,
            failure ->
                assertThat(failure.getMessage() + failure.hint())
                    .contains(String.valueOf(fault.getMessage())));
    assertThat(attempts).hasValue(1);
  }

  @Test
  void neverStarvesTheSource() {
    AtomicInteger readers = new AtomicInteger();
    AtomicInteger readersMax = new AtomicInteger();
    DatomicConnection watched =
        new ForwardingConnection(source) {
          @Override
          public Stream<Transaction> txRange(TxRange range) {
            readersMax.accumulateAndGet(readers.incrementAndGet(), Math::max);
            return super.txRange(range).onClose(readers::decrementAndGet);
          }
        };
    new Backup(stored, watched, CloningListener.IGNORING)
        .backup(OPTIONS.withTransactionCountMax(2).withParallelism(3));
    assertThat(readersMax).hasValueLessThanOrEqualTo(3);
    assertThat(readers).as("every read is closed").hasValue(0);
  }

  private List<Transaction> storedLog() {
    List<Transaction> transactions = new ArrayList<>();
    stored
        .segments()
        .forEach(
            each -> {
              Segment segment = stored.segment(each.range());
              try (Stream<Transaction> some = segment.transactions()) {
                some.forEach(transactions::add);
              }
            });
    return transactions;
  }

  private static List<Transaction> log(DatomicConnection connection, long startT, long endT) {
    try (Stream<Transaction> log = connection.txRange(new TxRange(startT, endT))) {
      return log.toList();
    }
  }

  private List<StoredObject> objects() {
    try (Stream<StoredObject> objects = store.list("", "")) {
      return objects.toList();
    }
  }
}
