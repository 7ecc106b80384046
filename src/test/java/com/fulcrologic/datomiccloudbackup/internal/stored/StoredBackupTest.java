package com.fulcrologic.datomiccloudbackup.internal.stored;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.ContractNames;
import com.fulcrologic.datomiccloudbackup.store.FilesystemBackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingBackupStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoredBackupTest {
  @TempDir Path parent;

  private final CountingBackupStore store = new CountingBackupStore(new MemoryBackupStore());
  private final StoredBackup backup = StoredBackup.of(store, "orders");

  @Test
  void hasNothingBeforeTheFirstSegment() {
    assertThat(backup.exists()).isFalse();
    assertThat(backup.newest()).isEmpty();
    assertThat(backup.covering(0)).isEmpty();
    assertThat(backup.segments()).isEmpty();
    assertThat(backup.gaps(0)).isEmpty();
    assertThat(backup.foreignKeys().count()).isZero();
    assertThat(StoredBackup.names(store)).isEmpty();
  }

  @Test
  void loadsWhatWasSaved() {
    assertThat(save(10, 20)).isTrue();

    assertThat(backup.load(new TxRange(10, 20))).isEqualTo(content(10, 20));
    assertThat(backup.loadStart(new TxRange(10, 20), 1)).isEqualTo(new byte[] {10});
    assertThat(backup.exists()).isTrue();
    assertThat(backup.segments()).containsExactly(new StoredSegment(new TxRange(10, 20), 2));
    assertThat(backup.newest()).hasValue(new StoredSegment(new TxRange(10, 20), 2));
  }

  @Test
  void savingTheSameAgainChangesNothing() {
    save(10, 20);

    assertThat(save(10, 20)).isFalse();
    assertThat(backup.segments()).hasSize(1);
  }

  @Test
  void asksWhetherTheContentIsTheSameWithTheStoredOneFirst() {
    save(10, 20);
    byte[] offered = {99};

    boolean result =
        backup.save(
            new TxRange(10, 20),
            offered,
            (stored, other) -> Arrays.equals(stored, content(10, 20)) && other == offered);

    assertThat(result).isFalse();
    assertThat(backup.load(new TxRange(10, 20))).isEqualTo(content(10, 20));
  }

  @Test
  void otherContentUnderTheSameRangeIsAFork() {
    save(10, 20);

    assertThatThrownBy(() -> backup.save(new TxRange(10, 20), new byte[] {9}, Arrays::equals))
        .isInstanceOf(ForkedHistoryException.class)
        .hasMessageContainingAll("t 10 to 19", "backup orders in memory:");
    assertThat(backup.load(new TxRange(10, 20))).isEqualTo(content(10, 20));
  }

  @Test
  void tellsAMissingSegmentFromAMissingBackup() {
    assertThatThrownBy(() -> backup.load(new TxRange(1, 2)))
        .isInstanceOf(NoSuchBackupException.class)
        .hasMessageContaining("backup orders in memory:");
    save(10, 20);
    assertThatThrownBy(() -> backup.load(new TxRange(10, 19)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("t 10 to 18");
  }

  @Test
  void refusesSegmentsBeyondTheLimitBothWays() {
    StoredBackup small = StoredBackup.of(store, "orders", 2);
    assertThat(small.save(new TxRange(0, 1), new byte[2], Arrays::equals)).isTrue();
    assertThat(small.load(new TxRange(0, 1))).hasSize(2);

    assertThatThrownBy(() -> small.save(new TxRange(1, 2), new byte[3], Arrays::equals))
        .isInstanceOf(IllegalArgumentException.class);
    backup.save(new TxRange(1, 2), new byte[3], Arrays::equals);
    assertThatThrownBy(() -> small.load(new TxRange(1, 2)))
        .isInstanceOf(CorruptSegmentException.class);
  }

  @Test
  void listsSegmentsInAscendingOrderOfStartThenEnd() {
    save(5, 9);
    save(0, 5);
    save(5, 2_000);
    save(5, 7);
    save(100, 101);

    assertThat(ranges())
        .containsExactly(
            new TxRange(0, 5),
            new TxRange(5, 7),
            new TxRange(5, 9),
            new TxRange(5, 2_000),
            new TxRange(100, 101));
  }

  @Test
  void findsGapsHoweverSegmentsOverlap() {
    save(10, 20);
    save(12, 15); // nested
    save(18, 30); // shifted
    save(30, 40); // touching
    save(50, 60);
    save(55, 58);
    save(70, 80);

    assertThat(backup.gaps(0))
        .containsExactly(new TxRange(0, 10), new TxRange(40, 50), new TxRange(60, 70));
    assertThat(backup.gaps(10)).containsExactly(new TxRange(40, 50), new TxRange(60, 70));
    assertThat(backup.gaps(45)).containsExactly(new TxRange(45, 50), new TxRange(60, 70));
    assertThat(backup.gaps(75)).isEmpty();
    assertThat(backup.gaps(80)).isEmpty();
    assertThat(backup.gaps(100)).isEmpty();
    assertThatThrownBy(() -> backup.gaps(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theNewestIsTheOneThatReachesFarthestWhereverItStarts() {
    save(0, 1_000_000);
    IntStream.range(0, 3_000).forEach(i -> save(i * 10L, i * 10L + 10));
    assertThat(backup.newest().orElseThrow().range()).isEqualTo(new TxRange(0, 1_000_000));

    save(999_000, 999_900);
    assertThat(backup.newest().orElseThrow().range()).isEqualTo(new TxRange(0, 1_000_000));
    save(999_999, 1_000_001);
    assertThat(backup.newest().orElseThrow().range()).isEqualTo(new TxRange(999_999, 1_000_001));
    save(999_700, 1_000_100);
    assertThat(backup.newest().orElseThrow().range()).isEqualTo(new TxRange(999_700, 1_000_100));
  }

  @Test
  void coversTWithTheSegmentThatReachesFarthest() {
    save(10, 20);
    save(15, 30);
    save(16, 18);
    save(12, 5_000);
    save(40, 50);

    assertThat(backup.covering(9)).isEmpty();
    assertThat(coveringRange(10)).isEqualTo(new TxRange(10, 20));
    assertThat(coveringRange(12)).isEqualTo(new TxRange(12, 5_000));
    assertThat(coveringRange(45)).isEqualTo(new TxRange(12, 5_000));
    assertThat(coveringRange(4_999)).isEqualTo(new TxRange(12, 5_000));
    assertThat(backup.covering(5_000)).isEmpty();
    assertThat(backup.covering(Long.MAX_VALUE)).isEmpty();
    assertThatThrownBy(() -> backup.covering(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void coversTAtEveryLevelAndBothEnds() {
    for (int bits = 0; bits < 63; bits++) {
      BackupStore one = new MemoryBackupStore();
      StoredBackup alone = StoredBackup.of(one, "orders");
      TxRange range = new TxRange(5, 5 + Math.min(1L << bits, Long.MAX_VALUE - 5));
      alone.save(range, new byte[1], Arrays::equals);

      assertThat(alone.covering(4)).isEmpty();
      assertThat(alone.covering(5).orElseThrow().range()).isEqualTo(range);
      assertThat(alone.covering(range.endT() - 1).orElseThrow().range()).isEqualTo(range);
      assertThat(alone.covering(range.endT())).isEmpty();
      assertThat(alone.newest().orElseThrow().range()).isEqualTo(range);
    }
  }

  @Test
  void costsTheSameHoweverManySegmentsThereAre() {
    for (int i = 0; i < 20_000; i++) {
      save(i, i + 1); // the worst: the most segments within a span
      if (i % 1_200 == 0) {
        save(i, i + 1_200);
      }
    }
    save(0, 100_000_000);

    assertCost(BackupKeys.LEVEL_COUNT, 2_000, backup::newest);
    assertThat(backup.newest().orElseThrow().range()).isEqualTo(new TxRange(0, 100_000_000));
    for (long t : new long[] {0, 1, 10_000, 19_999, 20_000, 30_000, 99_999_999, 100_000_000}) {
      assertCost(BackupKeys.LEVEL_COUNT, 2_000, () -> backup.covering(t));
    }
    assertCost(1, 1, backup::exists);
    assertCost(3, 3, () -> StoredBackup.names(store));
    assertCost(1, 20_018, backup::segments);
  }

  private void assertCost(int listCount, int entryCountMax, Runnable call) {
    store.reset();
    call.run();
    assertThat(store.listCount()).isEqualTo(listCount);
    assertThat(store.entryCount()).isLessThanOrEqualTo(entryCountMax);
    assertThat(store.openCount()).isZero();
    assertThat(store.readCount()).isZero();
  }

  @Test
  void closesEveryListing() {
    save(0, 10);
    store.create("orders/segments/notes", new byte[1]);
    backup.newest();
    backup.covering(5);
    backup.exists();
    backup.foreignKeys();
    backup.gaps(0);
    StoredBackup.names(store);

    assertThat(store.openCount()).isZero();
  }

  @Test
  void foreignObjectsAreReportedAndDisturbNothing() throws IOException {
    StoredBackup onDisk =
        StoredBackup.of(FilesystemBackupStore.at(parent.resolve("store")), "orders");
    onDisk.save(new TxRange(0, 10), new byte[1], Arrays::equals);
    Path directory = parent.resolve("store/orders/segments/0/922337203685477");
    Files.write(directory.resolve("notes"), new byte[1]);
    Files.write(directory.resolve(".DS_Store"), new byte[1]);
    Files.write(directory.resolve("5807-0-9999"), new byte[1]);
    Files.write(parent.resolve("store/orders/READ ME.txt"), new byte[1]);
    Files.write(parent.resolve("store/foreign"), new byte[1]);

    assertThat(onDisk.foreignKeys().first())
        .containsExactly(
            "orders/READ ME.txt",
            "orders/segments/0/922337203685477/.DS_Store",
            "orders/segments/0/922337203685477/5807-0-9999",
            "orders/segments/0/922337203685477/notes");
    assertThat(onDisk.segments()).hasSize(1);
    assertThat(onDisk.newest().orElseThrow().range()).isEqualTo(new TxRange(0, 10));
    assertThat(onDisk.covering(3).orElseThrow().range()).isEqualTo(new TxRange(0, 10));
    assertThat(onDisk.covering(10)).isEmpty();
  }

  @Test
  void foreignObjectsAloneAreNoBackup() {
    store.create("orders/segments/notes", new byte[1]);

    assertThat(backup.exists()).isFalse();
    assertThat(StoredBackup.names(store)).isEmpty();
  }

  @Test
  void namesAllBackupsAndNothingElse() throws IOException {
    Path root = parent.resolve("store");
    BackupStore onDisk = FilesystemBackupStore.at(root);
    List<String> names = List.of("orders", "orders-2", "Orders", "a/b", "tmp", "..", "orders2");
    for (String name : names) {
      StoredBackup.of(onDisk, name).save(new TxRange(0, 1), new byte[1], Arrays::equals);
    }
    Files.write(root.resolve("READ ME.txt"), new byte[1]);
    Files.write(root.resolve("orders-1"), new byte[1]);
    Files.createDirectories(root.resolve("lost+found/segments"));
    Files.createDirectories(root.resolve("_61/segments/0/922337203685477"));
    Files.write(root.resolve("_61/segments/0/922337203685477/5807-0-1"), new byte[1]);

    assertThat(StoredBackup.names(onDisk))
        .containsExactlyElementsOf(names.stream().sorted().toList());
  }

  /** S3 sorts by the bytes of UTF-8: there an emoji comes after a letter that UTF-16 puts last. */
  @Test
  void namesBackupsAmongForeignKeysInAnyAlphabet() {
    save(0, 1);
    String last = "\uff76/notes";
    String beyond = "\ud83d\ude00/notes";
    BackupStore among =
        listing(
            (prefix, startAfter) ->
                Stream.concat(
                    store.list(prefix, startAfter),
                    Stream.of(last, beyond)
                        .filter(key -> key.startsWith(prefix))
                        .filter(key -> BackupStore.keyOrder().compare(key, startAfter) > 0)
                        .map(key -> new StoredObject(key, 1))));

    assertThat(StoredBackup.names(among)).containsExactly("orders");
  }

  @Test
  void failsWhenTheStoreIgnoresWhereAListingShouldStart() {
    save(0, 1);
    AtomicInteger listings = new AtomicInteger();
    BackupStore deaf =
        listing(
            (prefix, startAfter) -> {
              assertThat(listings.incrementAndGet()).as("it goes round").isLessThan(100);
              return store.list(prefix, "");
            });

    assertThatThrownBy(() -> StoredBackup.names(deaf)).isInstanceOf(StoreException.class);
  }

  /** The store, with this for its listing. */
  private BackupStore listing(BiFunction<String, String, Stream<StoredObject>> listing) {
    return new ForwardingBackupStore(store) {

      @Override
      public Stream<StoredObject> list(String prefix, String startAfter) {
        return listing.apply(prefix, startAfter);
      }
    };
  }

  /** Whatever somebody poured in there, what is kept of it in memory is bounded. */
  @Test
  void foreignKeysAreCountedAndTheFirstOnesTold() {
    save(0, 10);
    IntStream.range(100, 350).forEach(i -> store.create("orders/notes/" + i, new byte[1]));

    ForeignKeys foreign = backup.foreignKeys();

    assertThat(foreign.count()).isEqualTo(250);
    assertThat(foreign.first()).hasSize(ForeignKeys.FIRST_COUNT_MAX);
    assertThat(foreign.first()).startsWith("orders/notes/100", "orders/notes/101");
  }

  @Test
  void hostileNamesStayInsideTheRootAndApart() throws IOException {
    Path root = parent.resolve("store");
    BackupStore onDisk = FilesystemBackupStore.at(root);
    List<String> names = ContractNames.hostile();
    for (int i = 0; i < names.size(); i++) {
      StoredBackup.of(onDisk, names.get(i))
          .save(new TxRange(0, 1), new byte[] {(byte) i}, Arrays::equals);
    }

    for (int i = 0; i < names.size(); i++) {
      assertThat(StoredBackup.of(onDisk, names.get(i)).load(new TxRange(0, 1)))
          .isEqualTo(new byte[] {(byte) i});
    }
    assertThat(StoredBackup.names(onDisk))
        .containsExactlyElementsOf(names.stream().sorted().toList());
    try (Stream<Path> besides = Files.list(parent);
        Stream<Path> files = Files.walk(root)) {
      assertThat(besides).containsExactly(root);
      assertThat(files.filter(Files::isRegularFile)).hasSize(names.size());
    }
  }

  @Test
  void refusesNamesThatCannotBeKept() {
    for (String name : List.of("", "a".repeat(300), "\ud800")) {
      assertThatThrownBy(() -> StoredBackup.of(store, name))
          .isInstanceOf(InvalidConfigurationException.class);
    }
  }

  @Test
  void saysWhereItIsOnOneLine() {
    assertThat(backup.name()).isEqualTo("orders");
    assertThat(backup.location()).isEqualTo("backup orders in memory:");
    assertThat(StoredBackup.of(store, "a\nb").location()).isEqualTo("backup a?b in memory:");
  }

  @Test
  void agreesWithASearchThroughAllSegmentsInRandomWorlds() {
    long seed = Long.getLong("seed", 20_260_102);
    SplittableRandom random = new SplittableRandom(seed);
    for (int world = 0; world < 200; world++) {
      StoredBackup some = StoredBackup.of(new MemoryBackupStore(), "orders");
      for (int i = random.nextInt(1, 30); i > 0; i--) {
        long startT = random.nextLong(3_000);
        long endT = startT + 1 + random.nextLong(1L << random.nextInt(1, 14));
        some.save(new TxRange(startT, endT), new byte[1], Arrays::equals);
      }
      List<TxRange> all = some.segments().stream().map(StoredSegment::range).toList();

      assertThat(some.newest().map(StoredSegment::range).map(TxRange::endT))
          .as("seed %d", seed)
          .isEqualTo(all.stream().map(TxRange::endT).max(Comparator.naturalOrder()));
      for (long t = 0; t < 3_000; t += 37) {
        long asked = t;
        Optional<Long> expected =
            all.stream()
                .filter(range -> range.contains(asked))
                .map(TxRange::endT)
                .max(Comparator.naturalOrder());
        assertThat(some.covering(t).map(found -> found.range().endT()))
            .as("seed %d t %d", seed, t)
            .isEqualTo(expected);
        assertThat(some.gaps(0).stream().anyMatch(gap -> gap.contains(asked)))
            .as("seed %d t %d", seed, t)
            .isEqualTo(expected.isEmpty() && some.newest().orElseThrow().range().endT() > asked);
      }
    }
  }

  private boolean save(long startT, long endT) {
    return backup.save(new TxRange(startT, endT), content(startT, endT), Arrays::equals);
  }

  private static byte[] content(long startT, long endT) {
    return new byte[] {(byte) startT, (byte) endT};
  }

  private TxRange coveringRange(long t) {
    return backup.covering(t).orElseThrow().range();
  }

  private List<TxRange> ranges() {
    return backup.segments().stream().map(StoredSegment::range).toList();
  }
}
