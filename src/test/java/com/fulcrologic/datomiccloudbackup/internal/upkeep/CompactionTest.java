package com.fulcrologic.datomiccloudbackup.internal.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.check.CheckLevel;
import com.fulcrologic.datomiccloudbackup.check.CheckOptions;
import com.fulcrologic.datomiccloudbackup.check.CheckReport;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.ForeignSourceException;
import com.fulcrologic.datomiccloudbackup.exceptions.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.segment.Segment;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import com.fulcrologic.datomiccloudbackup.testing.ChildJvm;
import com.fulcrologic.datomiccloudbackup.testing.DisguisedLog;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.testing.Stores;
import com.fulcrologic.datomiccloudbackup.upkeep.CompactOptions;
import com.fulcrologic.datomiccloudbackup.upkeep.CompactSummary;
import com.fulcrologic.datomiccloudbackup.upkeep.CoveredSegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Larger segments hold what the small ones hold, and nothing else changes. */
class CompactionTest {
  private static final CompactOptions OPTIONS = CompactOptions.DEFAULTS.withTransactionCountMax(20);

  private static LocalSystem system;
  private static DatomicConnection source;

  @BeforeAll
  static void makeSource() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    SampleWorld.fill(source);
  }

  @Test
  void writesTheSameTransactionsIntoFewerSegments() {
    BackupStore store = backedUp(source, 3);
    StoredBackup stored = StoredBackup.of(store, "w");
    List<StoredObject> before = objects(store);
    int count = stored.segments().size();

    CompactSummary summary = Cloning.with(store).compact("w", OPTIONS);

    long basisT = source.basisT();
    assertThat(summary.segments().stream().map(BackedUpSegment::range))
        .hasSize((int) ((basisT + 1) / 20))
        .startsWith(new TxRange(0, 20), new TxRange(20, 40));
    assertThat(objects(store)).containsAll(before);
    assertThat(summary.inUseCount() + summary.coveredCount())
        .isEqualTo(count + summary.segments().size());
    assertThat(readLog(stored)).isEqualTo(log(source));
    assertThat(check(store).findings()).isEmpty();
    assertSchemas(stored, summary.segments());
  }

  private static void assertSchemas(StoredBackup stored, List<BackedUpSegment> segments) {
    for (BackedUpSegment segment : segments) {
      long startT = segment.range().startT();
      assertThat(usersAttributes(stored.segment(segment.range()).schemaAtStart().attributes()))
          .as("the schema at t %d", startT)
          .containsExactlyInAnyOrderElementsOf(
              usersAttributes(schemaOfABackupThatStartsAt(startT)));
    }
  }

  /** Of its own attributes, Datomic's indexes know some that its log does not speak of. */
  private static List<Attribute> usersAttributes(Collection<Attribute> attributes) {
    return attributes.stream()
        .filter(attribute -> attribute.ident().toString().startsWith(":w"))
        .toList();
  }

  /** What the backup itself reads from the source's indexes. */
  private static Collection<Attribute> schemaOfABackupThatStartsAt(long t) {
    BackupStore store = Stores.memory();
    Cloning.with(store).backupSegment("w", source, new TxRange(t, t + 1));
    return StoredBackup.of(store, "w").segment(new TxRange(t, t + 1)).schemaAtStart().attributes();
  }

  @Test
  void aSecondRunWritesNothing() {
    BackupStore store = backedUp(source, 3);
    Cloning.with(store).compact("w", OPTIONS);
    List<StoredObject> before = objects(store);
    assertThat(Cloning.with(store).compact("w", OPTIONS).segments()).isEmpty();
    assertThat(objects(store)).isEqualTo(before);
  }

  @Test
  void aBlockBeyondTheByteBoundIsSeveralSegments() {
    BackupStore store = backedUp(source, 1);
    CompactOptions tight = OPTIONS.withTransactionCountMax(1_000_000).withContentSizeMax(2_000);
    assertThat(Cloning.with(store).compact("w", tight).segments())
        .as("no block is stored to its end")
        .isEmpty();
    CompactOptions two = OPTIONS.withTransactionCountMax(30).withContentSizeMax(2_000);
    List<BackedUpSegment> written = Cloning.with(store).compact("w", two).segments();
    assertThat(written.size()).isBetween(2, 25);
    assertSchemas(StoredBackup.of(store, "w"), written);
    assertThat(readLog(StoredBackup.of(store, "w"))).isEqualTo(log(source));
    assertThat(check(store).findings()).isEmpty();
    assertThat(Cloning.with(new HeadsOnly(store)).compact("w", two).segments())
        .as("it is done, as the heads tell")
        .isEmpty();
  }

  /** Two compactors, of different small segments, write the very same objects. */
  @Test
  void writesTheSameWhateverItReads() {
    BackupStore threes = backedUp(source, 3);
    BackupStore sevens = backedUp(source, 7);
    Cloning.with(threes).compact("w", OPTIONS);
    Cloning.with(sevens).compact("w", OPTIONS);
    for (TxRange block : List.of(new TxRange(0, 20), new TxRange(20, 40))) {
      assertThat(StoredBackup.of(threes, "w").info(block).contentHash())
          .isEqualTo(StoredBackup.of(sevens, "w").info(block).contentHash());
    }
    for (StoredObject object : objects(sevens)) {
      threes.create(object.key(), sevens.read(object.key(), Integer.MAX_VALUE).orElseThrow());
    }
    assertThat(check(threes).findings()).isEmpty();
    assertThat(readLog(StoredBackup.of(threes, "w"))).isEqualTo(log(source));
  }

  @Test
  void blocksBeginAtTheSameTWhereverTheBackupBegins() {
    BackupStore all = backedUp(source, 3);
    String first = StoredBackup.of(all, "w").key(new TxRange(0, 3));
    CompactSummary summary = Cloning.with(copy(all, List.of(first))).compact("w", OPTIONS);
    assertThat(summary.segments())
        .extracting(BackedUpSegment::range)
        .contains(new TxRange(20, 40))
        .allMatch(range -> range.startT() % 20 == 0);
  }

  @Test
  void neighboursTouchWhereTAreLeftOut() {
    DatomicConnection sparse =
        new ForwardingConnection(new DisguisedLog(source)) {
          @Override
          public Stream<Datom> datoms(View view, Index index, Object... components) {
            return Stream.empty();
          }
        };
    BackupStore store = backedUp(sparse, 2);
    CompactSummary summary = Cloning.with(store).compact("w", OPTIONS);
    assertThat(summary.segments()).hasSizeGreaterThan(3);
    for (int i = 1; i < summary.segments().size(); i++) {
      assertThat(summary.segments().get(i).range().startT())
          .isEqualTo(summary.segments().get(i - 1).range().endT());
    }
    assertThat(readLog(StoredBackup.of(store, "w"))).isEqualTo(log(sparse));
    assertThat(check(store).findings()).isEmpty();
    assertThat(Cloning.with(store).compact("w", OPTIONS).segments()).isEmpty();
  }

  @Test
  void aRestoreReadsTheFewAndIsEqual() {
    BackupStore store = backedUp(source, 1);
    Cloning.with(store).compact("w", OPTIONS);
    DatomicConnection target = system.newDatabase();
    Cloning cloning = Cloning.with(store);
    int segmentCount = 0;
    while (cloning.restoreSegment("w", target, RestoreOptions.DEFAULTS)
        instanceof RestoredSegment) {
      segmentCount++;
    }
    LogComparison.assertEqual(source, target);
    assertThat(segmentCount).isEqualTo(cloning.segments("w").size());
    assertThat(segmentCount).isLessThan((int) (source.basisT() + 1) / 2);
  }

  @Test
  void whatIsCoveredMayGo() {
    BackupStore store = backedUp(source, 3);
    Cloning.with(store).compact("w", OPTIONS);
    List<String> covered =
        Cloning.with(store).coveredSegments("w").stream().map(CoveredSegment::key).toList();
    assertThat(covered).hasSizeGreaterThan(10);
    BackupStore swept = copy(store, covered);
    assertThat(Cloning.with(swept).backupGaps("w")).isEmpty();
    assertThat(readLog(StoredBackup.of(swept, "w"))).isEqualTo(log(source));
    assertThat(check(swept).findings()).isEmpty();
    assertThat(Cloning.with(swept).coveredSegments("w")).isEmpty();
    assertThat(Cloning.with(swept).backup("w", source, BackupOptions.DEFAULTS).segments())
        .as("backups go on")
        .isEmpty();
  }

  @Test
  void aBlockWithAGapIsLeftAlone() {
    BackupStore store = Stores.memory();
    Cloning cloning = Cloning.with(store);
    for (long t = 0; t < 40; t += 2) {
      if (t != 24) {
        cloning.backupSegment("w", source, new TxRange(t, t + 2));
      }
    }
    assertThat(cloning.compact("w", OPTIONS).segments().stream().map(BackedUpSegment::range))
        .containsExactly(new TxRange(0, 20));
    cloning.repairBackup("w", source);
    assertThat(cloning.compact("w", OPTIONS).segments().stream().map(BackedUpSegment::range))
        .containsExactly(new TxRange(20, 40));
  }

  @Test
  void refusesACorruptSegmentAndWritesNothingOfItsBlock() {
    BackupStore store = backedUp(source, 3);
    StoredBackup stored = StoredBackup.of(store, "w");
    String key = stored.key(new TxRange(24, 27));
    byte[] rotten = store.read(key, Integer.MAX_VALUE).orElseThrow();
    rotten[rotten.length / 2] ^= 1;
    BackupStore damaged = copy(store, List.of(key));
    damaged.create(key, rotten);
    assertThatThrownBy(() -> Cloning.with(damaged).compact("w", OPTIONS))
        .isInstanceOf(CorruptSegmentException.class)
        .hasMessageContaining("t 24 to 26");
    assertThat(StoredBackup.of(damaged, "w").segments())
        .extracting(segment -> segment.range())
        .contains(new TxRange(0, 20))
        .doesNotContain(new TxRange(20, 40));
  }

  /** A segment of the same source, id and t, with another past: as after a reset to a backup. */
  @Test
  void refusesSegmentsThatContradictEachOther() {
    DatomicConnection altered =
        new ForwardingConnection(source) {
          @Override
          public Stream<Transaction> txRange(TxRange range) {
            return super.txRange(range)
                .map(
                    transaction ->
                        transaction.t() == 12
                            ? new Transaction(
                                12, transaction.tx(), transaction.datoms().subList(0, 1))
                            : transaction);
          }
        };
    BackupStore store = Stores.memory();
    Cloning cloning = Cloning.with(store);
    cloning.backupSegment("w", source, new TxRange(0, 10));
    cloning.backupSegment("w", source, new TxRange(10, 13));
    BackupStore other = Stores.memory();
    Cloning.with(other).backupSegment("w", altered, new TxRange(11, 20));
    copyInto(other, store);
    assertThatThrownBy(() -> cloning.compact("w", OPTIONS))
        .isInstanceOf(ForkedHistoryException.class)
        .hasMessageContainingAll("t 10 to 12", "t 11 to 19");
    assertThat(cloning.check("w", CheckOptions.DEFAULTS.withLevel(CheckLevel.DECODE)).worst())
        .isPresent();
  }

  /** An object under another one's key, and one of another database. */
  @Test
  void refusesWhatDoesNotFollow() {
    BackupStore whole = backedUp(source, 5);
    StoredBackup stored = StoredBackup.of(whole, "w");
    String key = stored.key(new TxRange(10, 15));
    BackupStore moved = copy(whole, List.of(key));
    moved.create(key, stored.load(new TxRange(15, 20)));
    assertThatThrownBy(() -> Cloning.with(moved).compact("w", OPTIONS))
        .isInstanceOf(CorruptSegmentException.class)
        .hasMessageContaining("t 15 to 19 is stored under t 10 to 14");

    DatomicConnection other = system.newDatabase();
    SampleWorld.fill(other);
    BackupStore mixed = copy(whole, List.of(key));
    mixed.create(key, StoredBackup.of(backedUp(other, 5), "w").load(new TxRange(10, 15)));
    assertThatThrownBy(() -> Cloning.with(mixed).compact("w", OPTIONS))
        .isInstanceOf(ForeignSourceException.class)
        .hasMessageContaining("t 10 to 14");
  }

  @Test
  void aHaltedCompactionIsCompletedByTheNext(@TempDir Path directory) throws Exception {
    BackupStore store = Stores.in(directory.resolve("store"));
    Cloning.with(store)
        .backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(3).withParallelism(1));
    for (int halt = 1; halt <= 3; halt++) {
      Process process =
          new ProcessBuilder(
                  ChildJvm.command(
                      List.of("-Xmx256m", Stores.jvmArgument()),
                      CompactingProcess.class,
                      directory.resolve("store").toString(),
                      Integer.toString(halt)))
              .inheritIO()
              .start();
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).isEqualTo(CompactingProcess.HALTED);
      assertThat(check(store).findings()).isEmpty();
      assertThat(readLog(StoredBackup.of(store, "w"))).isEqualTo(log(source));
    }
    Cloning.with(store).compact("w", CompactingProcess.OPTIONS);
    assertThat(check(store).findings()).isEmpty();
    assertThat(StoredBackup.of(store, "w").segments())
        .extracting(segment -> segment.range())
        .contains(
            new TxRange(0, 10), new TxRange(10, 20), new TxRange(20, 30), new TxRange(30, 40));
  }

  private static BackupStore backedUp(DatomicConnection from, int transactionCount) {
    BackupStore store = Stores.memory();
    Cloning.with(store)
        .backup("w", from, BackupOptions.DEFAULTS.withTransactionCountMax(transactionCount));
    return store;
  }

  private static CheckReport check(BackupStore store) {
    return Cloning.with(store).check("w", CheckOptions.DEFAULTS.withLevel(CheckLevel.DECODE));
  }

  /** As a reader reads it: always the segment that reaches farthest. */
  private static List<Transaction> readLog(StoredBackup backup) {
    List<Transaction> transactions = new ArrayList<>();
    long t = 0;
    for (var next = backup.covering(t); next.isPresent(); next = backup.covering(t)) {
      Segment segment = backup.segment(next.get().range());
      long from = t;
      try (Stream<Transaction> some = segment.transactions()) {
        some.filter(transaction -> transaction.t() >= from).forEach(transactions::add);
      }
      t = next.get().range().endT();
    }
    return transactions;
  }

  private static List<Transaction> log(DatomicConnection connection) {
    try (Stream<Transaction> log = connection.txRange(new TxRange(0, connection.basisT() + 1))) {
      return log.toList();
    }
  }

  private static BackupStore copy(BackupStore store, List<String> without) {
    BackupStore copy = Stores.memory();
    for (StoredObject object : objects(store)) {
      if (!without.contains(object.key())) {
        copy.create(object.key(), store.read(object.key(), Integer.MAX_VALUE).orElseThrow());
      }
    }
    return copy;
  }

  private static void copyInto(BackupStore from, BackupStore to) {
    for (StoredObject object : objects(from)) {
      to.create(object.key(), from.read(object.key(), Integer.MAX_VALUE).orElseThrow());
    }
  }

  private static List<StoredObject> objects(BackupStore store) {
    try (Stream<StoredObject> objects = store.list("", "")) {
      return objects.toList();
    }
  }

  /** A store that does not want to be read whole. */
  private static final class HeadsOnly extends ForwardingBackupStore {
    HeadsOnly(BackupStore real) {
      super(real);
    }

    @Override
    public Optional<byte[]> read(String key, int sizeMax) {
      assertThat(sizeMax).as("bytes of %s", key).isLessThan(1 << 24);
      return super.read(key, sizeMax);
    }
  }
}
