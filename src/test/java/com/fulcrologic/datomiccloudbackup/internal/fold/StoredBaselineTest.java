package com.fulcrologic.datomiccloudbackup.internal.fold;

import static com.fulcrologic.datomiccloudbackup.testing.StoreContents.objects;
import static com.fulcrologic.datomiccloudbackup.testing.StoreContents.storeOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.exceptions.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnreachablePointException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnsupportedFormatException;
import com.fulcrologic.datomiccloudbackup.internal.log.Values;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBaseline;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.FilesystemBackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.RandomWorld;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.upkeep.Baseline;
import com.fulcrologic.datomiccloudbackup.upkeep.BaselineOptions;
import com.fulcrologic.datomiccloudbackup.upkeep.CompactOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A baseline that is read back equals the fold of the segments. */
class StoredBaselineTest {
  private static final int WORLD_COUNT = Integer.getInteger("worlds", 20);

  private final LocalSystem system = LocalSystem.inMemory();
  @TempDir private Path directory;

  /** The process ends before a write, and what was written before stays. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final class MortalStore extends ForwardingBackupStore {
    private int lifetime;

    MortalStore(BackupStore real, int lifetime) {
      super(real);
      this.lifetime = lifetime;
    }

    @Override
    public boolean create(String key, byte[] content) {
      if (lifetime-- == 0) {
        throw new Killed();
      }
      return super.create(key, content);
    }
  }

  @Test
  void equalsTheFoldInAStoreOfFiles() {
    DatomicConnection source = world();
    BackupStore store = FilesystemBackupStore.at(directory);
    Cloning cloning = backup(source, store, 7);
    StoredBackup backup = StoredBackup.of(store, "w");
    for (long t : new long[] {0, 1, 5, 20, source.basisT()}) {
      Baseline written = cloning.writeBaseline("w", t);
      assertThat(written.t()).isEqualTo(t);
      assertEqual(backup, t);
    }
    assertThat(cloning.baselines("w"))
        .extracting(Baseline::t)
        .containsExactly(0L, 1L, 5L, 20L, source.basisT());
  }

  @Test
  void equalsTheFoldOfARandomWorldInPartsOfAnySize() {
    int partCount = 0;
    for (long seed = 1; seed <= WORLD_COUNT; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      DatomicConnection source = system.newDatabase();
      RandomWorld.fill(source, random.split());
      BackupStore store = new MemoryBackupStore();
      backup(source, store, random.nextInt(1, 21));
      StoredBackup backup = StoredBackup.of(store, "w");
      long t = random.nextLong(1, source.basisT() + 1);
      StoredBaseline written = write(backup, t, random.nextInt(1, 200));
      partCount += written.partCount();
      assertEqual(backup, t);
    }
    assertThat(partCount).isGreaterThan(2 * WORLD_COUNT);
  }

  @Test
  void takesTheNewestWhenNoTIsGiven() {
    DatomicConnection source = world();
    BackupStore store = new MemoryBackupStore();
    Cloning cloning = backup(source, store, 100);
    assertThat(cloning.writeBaseline("w", BaselineOptions.DEFAULTS).t()).isEqualTo(source.basisT());
    assertThat(cloning.baselines("w").get(0).instant())
        .isEqualTo(cloning.storedThrough("w").orElseThrow().instant());
  }

  @Test
  void findsTheNewestAtOrBeforeATWithOneRequest() {
    DatomicConnection source = world();
    BackupStore store = new MemoryBackupStore();
    Cloning cloning = backup(source, store, 100);
    cloning.writeBaseline("w", 8);
    cloning.writeBaseline("w", 12);
    List<String> listed = new ArrayList<>();
    BackupStore watched =
        new ForwardingBackupStore(store) {
          @Override
          public Stream<StoredObject> list(String prefix, String startAfter) {
            listed.add(prefix);
            return super.list(prefix, startAfter);
          }
        };
    StoredBackup backup = StoredBackup.of(watched, "w");
    assertThat(backup.baselines().newestT(Long.MAX_VALUE)).hasValue(12);
    assertThat(listed).hasSize(1);
    assertThat(backup.baselines().newestT(12)).hasValue(12);
    assertThat(backup.baselines().newestT(11)).hasValue(8);
    assertThat(backup.baselines().newestT(7)).isEmpty();
  }

  @Test
  void isNotSeenWhenTheWriterWasKilledAndIsWrittenByTheNext() {
    DatomicConnection source = world();
    BackupStore store = FilesystemBackupStore.at(directory);
    Cloning cloning = backup(source, store, 10);
    StoredBackup backup = StoredBackup.of(store, "w");
    long t = source.basisT();
    int partCount = partCount(backup, t, 100);
    assertThat(partCount).isGreaterThan(3);
    for (int lifetime = 0; lifetime <= partCount; lifetime++) {
      StoredBackup mortal = StoredBackup.of(new MortalStore(store, lifetime), "w");
      assertThatThrownBy(() -> write(mortal, t, 100)).isInstanceOf(Killed.class);
      assertThat(cloning.baselines("w")).isEmpty();
      assertThat(backup.baselines().newestT(Long.MAX_VALUE)).isEmpty();
      assertThat(backup.foreignKeys().count()).isZero();
    }
    assertThat(write(backup, t, 100).partCount()).isEqualTo(partCount);
    assertEqual(backup, t);
  }

  @Test
  void changesNothingWhenItIsWrittenAgain() {
    DatomicConnection source = world();
    BackupStore store = new MemoryBackupStore();
    Cloning cloning = backup(source, store, 7);
    Baseline first = cloning.writeBaseline("w", 15);
    Map<String, byte[]> before = objects(store);
    assertThat(cloning.writeBaseline("w", 15)).isEqualTo(first);
    cloning.compact("w", CompactOptions.DEFAULTS.withTransactionCountMax(20));
    assertThat(cloning.writeBaseline("w", 15)).isEqualTo(first);
    before.forEach(
        (key, bytes) ->
            assertThat(store.read(key, Integer.MAX_VALUE).orElseThrow()).isEqualTo(bytes));
    assertThat(objects(store).keySet())
        .filteredOn(key -> key.contains("baseline"))
        .isSubsetOf(before.keySet());
    assertThat(StoredBackup.of(store, "w").foreignKeys().count()).isZero();
  }

  @Test
  void refusesAnotherContentOfTheSameT() {
    DatomicConnection source = world();
    DatomicConnection other = world();
    BackupStore store = new MemoryBackupStore();
    backup(source, store, 100);
    BackupStore otherStore = new MemoryBackupStore();
    backup(other, otherStore, 100);
    write(StoredBackup.of(store, "w"), 20, 100);
    try (State ofOther = fold(StoredBackup.of(otherStore, "w"), 20)) {
      StoredBackup backup = StoredBackup.of(store, "w");
      Map<String, byte[]> before = objects(store);
      assertThatThrownBy(() -> new BaselineWriter(backup.baselines(), 100).write(ofOther))
          .isInstanceOf(ForkedHistoryException.class);
      assertThat(objects(store).keySet()).isEqualTo(before.keySet());
    }
  }

  @Test
  void refusesThePartsThatAnotherWriterHasLeft() {
    BackupStore store = new MemoryBackupStore();
    backup(world(), store, 100);
    BackupStore otherStore = new MemoryBackupStore();
    backup(world(), otherStore, 100);
    write(StoredBackup.of(otherStore, "w"), 20, 100);
    objects(otherStore)
        .forEach(
            (key, bytes) -> {
              if (key.contains("baseline-parts")) {
                store.create(key, bytes);
              }
            });
    assertThatThrownBy(() -> write(StoredBackup.of(store, "w"), 20, 100))
        .isInstanceOf(ForkedHistoryException.class)
        .hasMessageContaining("w/baseline-parts/20/0");
    assertThat(StoredBackup.of(store, "w").baselines().ts()).isEmpty();
  }

  @Test
  void doesNotDependOnWhereTheStateIsCut() {
    BackupStore store = new MemoryBackupStore();
    backup(world(), store, 100);
    StoredBackup backup = StoredBackup.of(store, "w");
    StoredBaseline first = write(backup, 20, 100);
    assertThat(write(backup, 20, 1_000_000)).isEqualTo(first);
  }

  @Test
  void writesNothingWhenTheStateCannotBeComputed() {
    DatomicConnection source = world();
    BackupStore store = new MemoryBackupStore();
    Cloning cloning = Cloning.with(store);
    cloning.backupSegment("w", source, new TxRange(0, 10));
    cloning.backupSegment("w", source, new TxRange(15, 20));
    Map<String, byte[]> before = objects(store);
    assertThatThrownBy(() -> cloning.writeBaseline("w", 17))
        .isInstanceOf(SegmentGapException.class);
    assertThatThrownBy(() -> cloning.writeBaseline("w", 500))
        .isInstanceOf(UnreachablePointException.class);
    assertThatThrownBy(() -> cloning.writeBaseline("w", BaselineOptions.DEFAULTS))
        .isInstanceOf(SegmentGapException.class);
    assertThat(objects(store).keySet()).isEqualTo(before.keySet());
    assertThat(cloning.writeBaseline("w", 9).t()).isEqualTo(9);
  }

  @Test
  void noticesAFlippedByteAnywhere() {
    DatomicConnection source = world();
    BackupStore store = new MemoryBackupStore();
    backup(source, store, 100);
    long t = source.basisT();
    write(StoredBackup.of(store, "w"), t, 400);
    Map<String, byte[]> objects = objects(store);
    SplittableRandom random = new SplittableRandom(1);
    int count = 0;
    for (String key : objects.keySet().stream().filter(each -> each.contains("base")).toList()) {
      for (int i = 0; i < 40; i++) {
        byte[] flipped = Objects.requireNonNull(objects.get(key)).clone();
        flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        Map<String, byte[]> broken = new TreeMap<>(objects);
        broken.put(key, flipped);
        assertThatThrownBy(() -> read(StoredBackup.of(storeOf(broken), "w"), t))
            .as(key)
            .isInstanceOfAny(CorruptSegmentException.class, UnsupportedFormatException.class);
        count++;
      }
    }
    assertThat(count).isGreaterThan(100);
  }

  @Test
  void noticesAPartThatIsMissingOrAnothersPart() {
    DatomicConnection source = world();
    BackupStore store = new MemoryBackupStore();
    backup(source, store, 100);
    long t = source.basisT();
    write(StoredBackup.of(store, "w"), t, 400);
    write(StoredBackup.of(store, "w"), t - 1, 400);
    Map<String, byte[]> objects = objects(store);
    String prefix = "w/baseline-parts/" + t + "/";
    Map<String, byte[]> without = new TreeMap<>(objects);
    without.remove(prefix + 1);
    assertBroken(without, t, "missing");
    Map<String, byte[]> exchanged = new TreeMap<>(objects);
    exchanged.put(prefix + 0, Objects.requireNonNull(objects.get(prefix + 1)));
    exchanged.put(prefix + 1, Objects.requireNonNull(objects.get(prefix + 0)));
    assertBroken(exchanged, t, "not its own");
    Map<String, byte[]> others = new TreeMap<>(objects);
    others.put(
        prefix + 1, Objects.requireNonNull(objects.get("w/baseline-parts/" + (t - 1) + "/1")));
    assertBroken(others, t, "not its own");
    Map<String, byte[]> another = new TreeMap<>(objects);
    another.put(key(t), Objects.requireNonNull(objects.get(key(t - 1))));
    assertBroken(another, t, "manifest");
  }

  @Test
  void refusesALaterVersion() {
    DatomicConnection source = world();
    BackupStore store = new MemoryBackupStore();
    backup(source, store, 100).writeBaseline("w", 9);
    Map<String, byte[]> objects = objects(store);
    String text = new String(Objects.requireNonNull(objects.get(key(9))), StandardCharsets.UTF_8);
    objects.put(
        key(9), text.replace("baseline 1\n", "baseline 2\n").getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> read(StoredBackup.of(storeOf(objects), "w"), 9))
        .isInstanceOf(UnsupportedFormatException.class);
  }

  @Test
  void onlyItsOwnKeysAreNotForeign() {
    DatomicConnection source = world();
    BackupStore store = new MemoryBackupStore();
    backup(source, store, 100).writeBaseline("w", 9);
    List<String> foreign =
        List.of(
            "w/baselines/9",
            "w/baselines/" + (Long.MAX_VALUE - 9) + "-8",
            "w/baselines/" + (Long.MAX_VALUE - 9) + "-9-9",
            "w/baseline-parts/9x/0",
            "w/baseline-parts/9/01",
            "w/baseline-parts/09/0");
    BackupStore withForeign = new MemoryBackupStore();
    objects(store).forEach(withForeign::create);
    foreign.forEach(key -> withForeign.create(key, new byte[] {1}));
    assertThat(StoredBackup.of(store, "w").foreignKeys().count()).isZero();
    assertThat(StoredBackup.of(withForeign, "w").foreignKeys().count()).isEqualTo(foreign.size());
  }

  private static String key(long t) {
    return "w/baselines/" + (Long.MAX_VALUE - t) + "-" + t;
  }

  private void assertBroken(Map<String, byte[]> objects, long t, String how) {
    assertThatThrownBy(() -> read(StoredBackup.of(storeOf(objects), "w"), t))
        .isInstanceOf(CorruptSegmentException.class)
        .hasMessageContaining(how)
        .extracting(failure -> ((CorruptSegmentException) failure).hint())
        .asString()
        .contains("move " + key(t) + " away");
  }

  private DatomicConnection world() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    return source;
  }

  private static Cloning backup(DatomicConnection source, BackupStore store, int countMax) {
    Cloning cloning = Cloning.with(store);
    cloning.backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(countMax));
    return cloning;
  }

  private State fold(StoredBackup backup, long t) {
    return Fold.upTo(t, backup, spill(), Progress.IGNORED);
  }

  private Path spill() {
    try {
      return Files.createDirectories(directory.resolveSibling(directory.getFileName() + "-spill"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private StoredBaseline write(StoredBackup backup, long t, int partDatomCountMax) {
    try (State state = fold(backup, t)) {
      return new BaselineWriter(backup.baselines(), partDatomCountMax).write(state);
    }
  }

  private int partCount(StoredBackup backup, long t, int partDatomCountMax) {
    try (State state = fold(backup, t)) {
      return Math.toIntExact(-Math.floorDiv(-state.of().datomCount(), (long) partDatomCountMax));
    }
  }

  private static List<Datom> read(StoredBackup backup, long t) {
    try (State stored = StoredState.of(t, backup).orElseThrow();
        Stream<Datom> datoms = stored.datoms()) {
      return datoms.toList();
    }
  }

  private void assertEqual(StoredBackup backup, long t) {
    Optional<State> found = StoredState.of(t, backup);
    try (State stored = found.orElseThrow();
        State folded = fold(backup, t);
        Stream<Datom> expected = folded.datoms();
        Stream<Datom> datoms = stored.datoms()) {
      assertThat(stored.of()).isEqualTo(folded.of());
      assertThat(stored.schema().attributes())
          .containsExactlyElementsOf(folded.schema().attributes());
      assertThat(stored.schema().builtIns()).isEqualTo(folded.schema().builtIns());
      assertThat(stored.schema().reusedNames()).isEqualTo(folded.schema().reusedNames());
      assertThat(stored.schema().namesBefore()).isEqualTo(folded.schema().namesBefore());
      assertThat(datoms.map(StoredBaselineTest::canonical).toList())
          .isEqualTo(expected.map(StoredBaselineTest::canonical).toList());
    }
  }

  private static List<Object> canonical(Datom datom) {
    return List.of(datom.e(), datom.a(), Values.canonical(datom.v()), datom.tx(), datom.added());
  }
}
