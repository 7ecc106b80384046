package com.fulcrologic.datomiccloudbackup.internal.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.check.CheckFinding;
import com.fulcrologic.datomiccloudbackup.check.CheckFinding.Kind;
import com.fulcrologic.datomiccloudbackup.check.CheckLevel;
import com.fulcrologic.datomiccloudbackup.check.CheckOptions;
import com.fulcrologic.datomiccloudbackup.check.CheckReport;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each thing that can be wrong with a store is found, at its level, and nothing else is. */
class StoreCheckTest {
  private static DatomicConnection source;
  private static LocalSystem system;

  private final Map<String, byte[]> objects = new TreeMap<>();
  private StoredBackup sound;

  @BeforeAll
  static void makeSource() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    SampleWorld.fill(source);
  }

  @BeforeEach
  void makeStore() {
    BackupStore store = new MemoryBackupStore();
    Cloning.with(store).backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(10));
    sound = StoredBackup.of(store, "w");
    take(store);
  }

  private void take(BackupStore store) {
    try (Stream<StoredObject> listed = store.list("", "")) {
      listed.forEach(
          object ->
              objects.putIfAbsent(
                  object.key(), store.read(object.key(), Integer.MAX_VALUE).orElseThrow()));
    }
  }

  @Test
  void aSoundStoreIsSoundAtEveryLevel() {
    for (CheckLevel level : CheckLevel.values()) {
      CheckReport report = check(level);
      assertThat(report.findings()).isEmpty();
      assertThat(report.isSound()).isTrue();
      assertThat(report.segmentCount()).isEqualTo(sound.segments().size());
      assertThat(report.transactionCount())
          .isEqualTo(level == CheckLevel.NAMES ? 0 : source.basisT() + 1);
      assertThat(report.keyLevels())
          .containsExactly(
              new CheckReport.KeyLevel(
                  "w/segments/0/",
                  report.segmentCount(),
                  0,
                  report.size(),
                  Optional.of(new TxRange(0, 10))));
    }
  }

  @Test
  void foreignKeysAreReportedAndNoFault() {
    objects.put("w/notes", new byte[1]);
    CheckReport report = check(CheckLevel.DECODE);
    assertThat(report.foreignKeys()).containsExactly("w/notes");
    assertThat(report.isSound()).isTrue();
  }

  @Test
  void everyGapIsFoundByTheListingAlone() {
    objects.remove(key(0, 10));
    objects.remove(key(20, 30));
    CheckReport report = check(CheckLevel.NAMES);
    assertThat(report.findings().stream().map(finding -> finding.range().orElseThrow()))
        .containsExactly(new TxRange(0, 10), new TxRange(20, 30));
    assertThat(report.findingCounts()).isEqualTo(Map.of(Kind.GAP, 2L));
    assertThat(check(CheckLevel.DECODE).findingCounts()).isEqualTo(Map.of(Kind.GAP, 2L));
  }

  /** What was asked for and is not there is not sound. */
  @Test
  void aRangeBeyondWhatIsStoredIsAGap() {
    long endT = sound.cover().endT();
    CheckOptions names = CheckOptions.DEFAULTS.withLevel(CheckLevel.NAMES);
    assertThat(gaps(names.within(new TxRange(0, endT + 5))))
        .containsExactly(new TxRange(endT, endT + 5));
    assertThat(gaps(names.within(new TxRange(endT + 2, endT + 5))))
        .containsExactly(new TxRange(endT + 2, endT + 5));
    assertThat(gaps(names.within(new TxRange(endT + 2, Long.MAX_VALUE))))
        .containsExactly(new TxRange(endT, endT + 2));
    assertThat(gaps(names.within(new TxRange(endT, Long.MAX_VALUE)))).isEmpty();
  }

  @Test
  void everyCorruptSegmentIsFoundAndNamed() {
    stored(key(10, 20))[100] ^= 1;
    objects.computeIfPresent(key(30, 40), (key, whole) -> Arrays.copyOf(whole, 500));
    assertThat(check(CheckLevel.NAMES).isSound()).as("the listing does not tell").isTrue();
    for (CheckLevel level : Set.of(CheckLevel.HASH, CheckLevel.DECODE)) {
      CheckReport report = check(level);
      assertThat(report.findingCounts()).isEqualTo(Map.of(Kind.CORRUPT, 2L));
      assertThat(report.findings().get(0).message()).contains("t 10 to 19", key(10, 20));
      assertThat(report.findings().get(1).range()).hasValue(new TxRange(30, 40));
    }
  }

  @Test
  void aSegmentUnderAnothersKeyIsFound() {
    objects.put(key(10, 20), stored(key(20, 30)).clone());
    assertThat(check(CheckLevel.HASH).findingCounts()).isEqualTo(Map.of(Kind.CORRUPT, 1L));
  }

  @Test
  void aSegmentOfAnotherDatabaseIsFound() {
    DatomicConnection other = system.newDatabase();
    SampleWorld.fill(other);
    backUpOther(other, new TxRange(20, 30), true);
    CheckReport report = check(CheckLevel.HASH);
    assertThat(report.findingCounts()).isEqualTo(Map.of(Kind.FOREIGN_SOURCE, 1L));
    assertThat(report.findings().get(0).message())
        .contains(source.databaseId(), other.databaseId());
  }

  @Test
  void aBrokenClaimIsFound() {
    objects.put("w/claim", new byte[3]);
    assertThat(check(CheckLevel.HASH).findingCounts()).isEqualTo(Map.of(Kind.CORRUPT, 1L));
  }

  @Test
  void overlapsThatHoldTheSameAreSound() {
    backUpOther(source, new TxRange(5, 25), false);
    backUpOther(source, new TxRange(0, 40), false);
    backUpOther(source, new TxRange(12, 14), false);
    assertThat(check(CheckLevel.DECODE).findings()).isEmpty();
  }

  @Test
  void overlapsThatDifferAreFound() {
    backUpOther(altered(17), new TxRange(15, 25), false);
    assertThat(check(CheckLevel.HASH).isSound()).as("each is sound by itself").isTrue();
    CheckReport report = check(CheckLevel.DECODE);
    assertThat(report.findingCounts()).isEqualTo(Map.of(Kind.FORKED, 1L));
    assertThat(report.findings().get(0).range()).hasValue(new TxRange(17, 18));
  }

  /**
   * Where nothing overlaps, the t before tells: here t 19 is missing in a segment that hides it.
   */
  @Test
  void aNeighbourThatFollowsUponSomethingElseIsFound() {
    DatomicConnection without =
        new ForwardingConnection(source) {
          @Override
          public Stream<Transaction> txRange(TxRange range) {
            return super.txRange(range).filter(transaction -> transaction.t() != 19);
          }
        };
    backUpOther(without, new TxRange(20, 30), true);
    CheckReport report = check(CheckLevel.DECODE);
    assertThat(report.findings())
        .extracting(CheckFinding::message)
        .singleElement()
        .asString()
        .contains("t 20 to 29 follows t 18", "ends at t 19");
  }

  @Test
  void aLaterFormatIsToldFromCorruption() {
    byte[] later = stored(key(10, 20)).clone();
    ByteBuffer.wrap(later).putInt(8, 3);
    rehash(later);
    objects.put(key(10, 20), later);
    assertThat(check(CheckLevel.HASH).worst()).hasValue(Kind.UNSUPPORTED_FORMAT);
  }

  @Test
  void theWorstIsToldFirst() {
    objects.remove(key(20, 30));
    assertThat(check(CheckLevel.HASH).worst()).hasValue(Kind.GAP);
    stored(key(0, 10))[50] ^= 1;
    assertThat(check(CheckLevel.HASH).worst()).hasValue(Kind.CORRUPT);
  }

  @Test
  void findingsAreCountedBeyondWhatIsTold() {
    for (int i = 0; i < 300; i++) {
      objects.put(key(1_000 + 2L * i, 1_001 + 2L * i), new byte[1]);
    }
    CheckReport report = check(CheckLevel.HASH);
    assertThat(report.findings()).hasSize(CheckReport.TOLD_COUNT_MAX);
    assertThat(report.findingCounts()).isEqualTo(Map.of(Kind.CORRUPT, 300L, Kind.GAP, 300L));
  }

  @Test
  void onlyTheRangeAskedForIsRead() {
    stored(key(10, 20))[100] ^= 1;
    objects.remove(key(30, 40));
    CheckOptions part = CheckOptions.DEFAULTS.withLevel(CheckLevel.DECODE);
    assertThat(check(part.within(new TxRange(20, 30))).isSound()).isTrue();
    assertThat(check(part.within(new TxRange(20, 35))).findings().get(0).range())
        .hasValue(new TxRange(30, 35));
    assertThat(check(part.within(new TxRange(19, 20))).worst()).hasValue(Kind.CORRUPT);
  }

  @Test
  void aFailingStoreTellsFromWhereToGoOn() {
    BackupStore failing =
        new MapStore(objects) {
          @Override
          public Optional<byte[]> read(String key, int sizeMax) {
            if (key.equals(key(20, 30))) {
              throw new StoreException("Failed to read", "later");
            }
            return super.read(key, sizeMax);
          }
        };
    assertThatThrownBy(
            () ->
                new StoreCheck(
                        StoredBackup.of(failing, "w"), CheckOptions.DEFAULTS, Optional.empty())
                    .run())
        .isInstanceOfSatisfying(
            IncompleteBackupException.class,
            cut -> assertThat(cut.hint()).contains("continue from t 20"));
  }

  @Test
  void progressReachesItsEnd() {
    List<Progress> told = new ArrayList<>();
    check(CheckOptions.DEFAULTS.withListener(told::add));
    assertThat(told).hasSize(sound.segments().size());
    Progress last = told.get(told.size() - 1);
    assertThat(last.spanDone()).isEqualTo(last.spanTotal());
    assertThat(last.transactionsDone()).isEqualTo(source.basisT() + 1);
  }

  @Test
  void aBackupThatIsNotThereIsNotSound() {
    assertThatThrownBy(() -> Cloning.with(new MapStore(objects)).check("v", CheckOptions.DEFAULTS))
        .isInstanceOf(NoSuchBackupException.class);
  }

  /** Puts a segment there as another source would have written it. */
  private void backUpOther(DatomicConnection other, TxRange range, boolean replacing) {
    BackupStore store = new MemoryBackupStore();
    Cloning.with(store).backupSegment("w", other, range);
    if (replacing) {
      objects.remove(key(range.startT(), range.endT()));
    }
    take(store);
  }

  private static DatomicConnection altered(long t) {
    return new ForwardingConnection(source) {
      @Override
      public Stream<Transaction> txRange(TxRange range) {
        return super.txRange(range)
            .map(
                transaction ->
                    transaction.t() == t
                        ? new Transaction(t, transaction.tx(), transaction.datoms().subList(0, 1))
                        : transaction);
      }
    };
  }

  private byte[] stored(String key) {
    return Objects.requireNonNull(objects.get(key), key);
  }

  private static void rehash(byte[] segment) {
    try {
      int headerEnd = 16 + ByteBuffer.wrap(segment).getInt(12);
      var sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(segment, 0, headerEnd);
      System.arraycopy(sha256.digest(), 0, segment, headerEnd, 32);
      sha256.update(segment, 0, segment.length - 32);
      System.arraycopy(sha256.digest(), 0, segment, segment.length - 32, 32);
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private String key(long startT, long endT) {
    return sound.key(new TxRange(startT, endT));
  }

  private List<TxRange> gaps(CheckOptions options) {
    return check(options).findings().stream()
        .filter(finding -> finding.kind() == Kind.GAP)
        .map(finding -> finding.range().orElseThrow())
        .toList();
  }

  private CheckReport check(CheckLevel level) {
    return check(CheckOptions.DEFAULTS.withLevel(level));
  }

  private CheckReport check(CheckOptions options) {
    return Cloning.with(new MapStore(objects)).check("w", options);
  }

  /** A store whose objects a test can change. */
  private static class MapStore implements BackupStore {
    private final Map<String, byte[]> objects;

    MapStore(Map<String, byte[]> objects) {
      this.objects = objects;
    }

    @Override
    public boolean create(String key, byte[] content) {
      throw new AssertionError("a check writes nothing");
    }

    @Override
    public Optional<byte[]> read(String key, int sizeMax) {
      return Optional.ofNullable(objects.get(key))
          .map(all -> Arrays.copyOf(all, Math.min(all.length, sizeMax)));
    }

    @Override
    public Stream<StoredObject> list(String prefix, String startAfter) {
      return objects.entrySet().stream()
          .filter(entry -> entry.getKey().startsWith(prefix))
          .filter(entry -> entry.getKey().compareTo(startAfter) > 0)
          .map(entry -> new StoredObject(entry.getKey(), entry.getValue().length));
    }

    @Override
    public String location() {
      return "map:";
    }
  }
}
