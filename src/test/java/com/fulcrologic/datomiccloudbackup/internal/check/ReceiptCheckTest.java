package com.fulcrologic.datomiccloudbackup.internal.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.Receipt;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.check.CheckFinding.Kind;
import com.fulcrologic.datomiccloudbackup.check.CheckLevel;
import com.fulcrologic.datomiccloudbackup.check.CheckOptions;
import com.fulcrologic.datomiccloudbackup.check.CheckReport;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.ForkedHistoryException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.SealingKeyException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.FilesystemBackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealedBackupStore;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealingKeys;
import com.fulcrologic.datomiccloudbackup.testing.ChildJvm;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.upkeep.CompactOptions;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A chain of receipts, in the clear and sealed: what it shows of its backup, and of itself. */
class ReceiptCheckTest {
  private static final SealingKeys KEYS = SealingKeys.create();
  private static final int ALL = Integer.MAX_VALUE;
  private static final int RECEIPT_COUNT = 3;

  private static LocalSystem system;
  private static DatomicConnection source;

  /** The objects of a backup in segments of 10 transactions. */
  private static Map<String, byte[]> whole = Map.of();

  @TempDir private Path directory;

  @BeforeAll
  static void backUp() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    SampleWorld.fill(source);
    whole = backup(source, "w");
  }

  private static Map<String, byte[]> backup(DatomicConnection source, String name) {
    BackupStore store = new MemoryBackupStore();
    Cloning.with(store).backup(name, source, BackupOptions.DEFAULTS.withTransactionCountMax(10));
    return objects(store);
  }

  private static Map<String, byte[]> objects(BackupStore store) {
    Map<String, byte[]> objects = new TreeMap<>();
    try (Stream<StoredObject> listed = store.list("", "")) {
      listed.forEach(each -> objects.put(each.key(), store.read(each.key(), ALL).orElseThrow()));
    }
    return objects;
  }

  private static BackupStore store(Map<String, byte[]> objects) {
    BackupStore store = new MemoryBackupStore();
    objects.forEach(store::create);
    return store;
  }

  /** The keys of the segments in ascending order of t. */
  private static List<String> segmentKeys() {
    List<String> keys =
        new ArrayList<>(whole.keySet().stream().filter(key -> key.contains("/segments/")).toList());
    Collections.reverse(keys);
    return keys;
  }

  /** The backup as it was with so many segments. */
  private static BackupStore early(int segmentCount) {
    Map<String, byte[]> objects = new TreeMap<>(whole);
    List<String> keys = segmentKeys();
    keys.subList(segmentCount, keys.size()).forEach(objects::remove);
    return store(objects);
  }

  /** A chain of receipts for one segment, two, and so on. */
  private static BackupStore receipts(UnaryOperator<BackupStore> sealing, int count) {
    BackupStore raw = new MemoryBackupStore();
    for (int i = 1; i <= count; i++) {
      assertThat(Cloning.with(early(i)).appendReceipt("w", sealing.apply(raw)))
          .map(Receipt::number)
          .hasValue(i - 1L);
    }
    return raw;
  }

  private static UnaryOperator<BackupStore> sealing(boolean isSealed) {
    return isSealed ? raw -> SealedBackupStore.over(raw, KEYS) : UnaryOperator.identity();
  }

  private static CheckReport check(BackupStore store, BackupStore receipts) {
    return Cloning.with(store)
        .check("w", CheckOptions.DEFAULTS.withLevel(CheckLevel.NAMES), receipts);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStoreThatWentBackIsSoundWithoutReceipts(boolean isSealed) {
    UnaryOperator<BackupStore> sealing = sealing(isSealed);
    BackupStore receipts = sealing.apply(receipts(sealing, RECEIPT_COUNT));
    for (int count = 1; count < RECEIPT_COUNT; count++) {
      BackupStore old = early(count);
      assertThat(Cloning.with(old).check("w", CheckOptions.DEFAULTS).isSound()).isTrue();
      CheckReport report = check(old, receipts);
      assertThat(report.findingCounts()).isEqualTo(Map.of(Kind.ROLLED_BACK, 1L));
      assertThat(report.findings().get(0).message()).contains("no longer holds t 29", "receipt 2");
      assertThat(report.findings().get(0).range()).hasValue(new TxRange(29, 30));
      assertThatThrownBy(() -> Cloning.with(old).appendReceipt("w", receipts))
          .isInstanceOf(ForkedHistoryException.class)
          .hasMessageContaining("no longer holds t 29");
    }
    CheckReport report = check(store(whole), receipts);
    assertThat(report.findings()).isEmpty();
    assertThat(report.receiptCount()).isEqualTo(RECEIPT_COUNT);
    assertThat(report.lastReceipt()).map(Receipt::t).hasValue(29L);
    assertThat(report.foreignKeyCount()).isZero();
  }

  /** Of the same length, under the same name: nothing else shows it without the source. */
  @Test
  void anotherHistoryIsFound() {
    DatomicConnection real = world("the real history");
    BackupStore forged = store(backup(world("a forged one"), "w"));
    assertThat(Cloning.with(forged).check("w", CheckOptions.DEFAULTS).isSound()).isTrue();

    BackupStore receipts = new MemoryBackupStore();
    Cloning.with(store(backup(real, "w"))).appendReceipt("w", receipts);
    CheckReport report = check(forged, receipts);

    assertThat(report.findingCounts()).isEqualTo(Map.of(Kind.ROLLED_BACK, 1L));
    assertThat(report.findings().get(0).message())
        .contains("holds another transaction at t " + real.basisT());
  }

  private static DatomicConnection world(String lastDoc) {
    DatomicConnection world = system.newDatabase();
    SampleWorld.fill(world);
    Keyword doc = Keyword.intern("db", "doc");
    world.transact(List.of(TxData.add(TxData.CURRENT_TRANSACTION, doc, lastDoc)));
    return world;
  }

  @Test
  void aReceiptHoldsInsideALargerSegment() {
    BackupStore receipts = receipts(UnaryOperator.identity(), 1);
    BackupStore store = store(whole);
    Cloning.with(store).compact("w", CompactOptions.DEFAULTS.withTransactionCountMax(20));
    Map<String, byte[]> compacted = new TreeMap<>(objects(store));
    Cloning.with(store).coveredSegments("w").forEach(each -> compacted.remove(each.key()));
    assertThat(compacted).doesNotContainKey(segmentKeys().get(0));

    assertThat(check(store(compacted), receipts).findings()).isEmpty();
    assertThat(Cloning.with(store(compacted)).appendReceipt("w", receipts))
        .map(Receipt::t)
        .hasValue(source.basisT());
  }

  @Test
  void aSegmentThatIsRemovedDuringTheCheckIsReadFromItsReplacement() {
    BackupStore receipts = receipts(UnaryOperator.identity(), 1);
    BackupStore compacted = store(whole);
    Cloning.with(compacted).compact("w", CompactOptions.DEFAULTS.withTransactionCountMax(20));
    Map<String, byte[]> left = new TreeMap<>(objects(compacted));
    Cloning.with(compacted).coveredSegments("w").forEach(each -> left.remove(each.key()));

    assertThat(check(replacedWhenRead(store(left)), receipts).findings()).isEmpty();
    assertThat(check(replacedWhenRead(store(Map.of())), receipts).findingCounts())
        .isEqualTo(Map.of(Kind.ROLLED_BACK, 1L));
  }

  /** The whole backup up to the first read of an object, and then another store. */
  private static BackupStore replacedWhenRead(BackupStore replacement) {
    return new ForwardingBackupStore(replacement) {
      private boolean isReplaced;

      @Override
      public Optional<byte[]> read(String key, int sizeMax) {
        isReplaced = true;
        return super.read(key, sizeMax);
      }

      @Override
      public Stream<StoredObject> list(String prefix, String startAfter) {
        return (isReplaced ? replacement : store(whole)).list(prefix, startAfter);
      }
    };
  }

  @Test
  void nothingIsAppendedForTheSameT() {
    BackupStore receipts = new MemoryBackupStore();
    Cloning cloning = Cloning.with(store(whole));
    Receipt receipt = cloning.appendReceipt("w", receipts).orElseThrow();
    assertThat(cloning.appendReceipt("w", receipts)).isEmpty();
    assertThat(cloning.lastReceipt("w", receipts)).hasValue(receipt);
    assertThat(objects(receipts)).hasSize(1);
  }

  /** Also of the newest receipt, which no later one chains. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyChangedByteOfAReceiptIsFound(boolean isSealed) {
    UnaryOperator<BackupStore> sealing = sealing(isSealed);
    Map<String, byte[]> sound = objects(receipts(sealing, RECEIPT_COUNT));
    sound.forEach(
        (key, bytes) -> {
          for (int i = 0; i < bytes.length; i++) {
            byte[] changed = bytes.clone();
            changed[i] ^= (byte) (1 << i % Byte.SIZE);
            assertFaulty(key + " byte " + i, sealing, with(sound, key, changed));
          }
          for (int size = 0; size < bytes.length; size += 7) {
            assertFaulty(key + " cut", sealing, with(sound, key, Arrays.copyOf(bytes, size)));
          }
        });
  }

  private static Map<String, byte[]> with(Map<String, byte[]> all, String key, byte[] bytes) {
    Map<String, byte[]> changed = new TreeMap<>(all);
    changed.put(key, bytes);
    return changed;
  }

  private static void assertFaulty(
      String what, UnaryOperator<BackupStore> sealing, Map<String, byte[]> receipts) {
    CheckReport report = check(store(whole), sealing.apply(store(receipts)));
    // A plain receipt whose version was changed seems to be of a later one.
    assertThat(report.worst()).as(what).isIn(Optional.of(Kind.CORRUPT), UNSUPPORTED);
  }

  private static final Optional<Kind> UNSUPPORTED = Optional.of(Kind.UNSUPPORTED_FORMAT);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyRemovedReceiptButTheLastIsFound(boolean isSealed) {
    UnaryOperator<BackupStore> sealing = sealing(isSealed);
    Map<String, byte[]> sound = objects(receipts(sealing, RECEIPT_COUNT));
    List<String> newestFirst = List.copyOf(sound.keySet());
    for (String key : newestFirst) {
      Map<String, byte[]> cut = new TreeMap<>(sound);
      cut.remove(key);
      CheckReport report = check(store(whole), sealing.apply(store(cut)));
      if (key.equals(newestFirst.get(0))) {
        assertThat(report.isSound()).as("a chain does not show that its end is gone").isTrue();
      } else {
        assertThat(report.findingCounts()).isEqualTo(Map.of(Kind.CORRUPT, 1L));
        assertThat(report.findings().get(0).message()).contains("missing");
      }
    }
    assertThatThrownBy(() -> check(store(whole), sealing.apply(store(Map.of()))))
        .isInstanceOf(NoSuchBackupException.class)
        .hasMessageContaining("receipts of backup w");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void exchangedReceiptsAreFound(boolean isSealed) {
    UnaryOperator<BackupStore> sealing = sealing(isSealed);
    Map<String, byte[]> sound = objects(receipts(sealing, RECEIPT_COUNT));
    for (String key : sound.keySet()) {
      for (String other : sound.keySet()) {
        if (!key.equals(other)) {
          assertFaulty(key + " is " + other, sealing, with(sound, key, sound.get(other)));
        }
      }
    }
  }

  /** A plain chain is linked: a receipt that was written anew does not fit its neighbours. */
  @Test
  void aForgedReceiptInTheMiddleOfAPlainChainIsFound() {
    Map<String, byte[]> sound = objects(receipts(UnaryOperator.identity(), RECEIPT_COUNT));
    List<String> keys = List.copyOf(sound.keySet());
    BackupStore forged = new MemoryBackupStore();
    forged.create(keys.get(2), Objects.requireNonNull(sound.get(keys.get(2))));
    Cloning.with(store(whole)).appendReceipt("w", forged);
    byte[] second = Objects.requireNonNull(objects(forged).get(keys.get(1)));

    CheckReport report = check(store(whole), store(with(sound, keys.get(1), second)));

    assertThat(report.findings()).hasSize(1);
    assertThat(report.findings().get(0).message()).contains("number 2 does not follow");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void receiptsOfAnotherBackupAreRefused(boolean isSealed) {
    UnaryOperator<BackupStore> sealing = sealing(isSealed);
    BackupStore others = new MemoryBackupStore();
    Cloning.with(store(backup(source, "v"))).appendReceipt("v", sealing.apply(others));
    assertThatThrownBy(() -> check(store(whole), sealing.apply(others)))
        .isInstanceOf(NoSuchBackupException.class);
    Map<String, byte[]> renamed = new TreeMap<>();
    objects(others).forEach((key, bytes) -> renamed.put("w" + key.substring(1), bytes));
    assertFaulty("renamed", sealing, renamed);
  }

  @Test
  void withoutTheKeysNothingIsReadOrAppended() {
    BackupStore raw = receipts(sealing(true), 1);
    Cloning cloning = Cloning.with(store(whole));
    BackupStore wrong = SealedBackupStore.over(raw, SealingKeys.create());
    for (BackupStore receipts : List.of(raw, wrong)) {
      assertThatThrownBy(() -> check(store(whole), receipts))
          .isInstanceOf(SealingKeyException.class);
      assertThatThrownBy(() -> cloning.appendReceipt("w", receipts))
          .isInstanceOf(SealingKeyException.class);
    }
    BackupStore plain = receipts(UnaryOperator.identity(), 1);
    assertThatThrownBy(() -> cloning.appendReceipt("w", SealedBackupStore.over(plain, KEYS)))
        .isInstanceOf(CorruptSegmentException.class)
        .hasMessageContaining("is not sealed");
    assertThat(objects(plain)).hasSize(1);
  }

  @Test
  void nothingIsAppendedForABackupThatIsNotThere() {
    BackupStore receipts = new MemoryBackupStore();
    assertThatThrownBy(() -> Cloning.with(store(whole)).appendReceipt("x", receipts))
        .isInstanceOf(NoSuchBackupException.class);
    assertThat(objects(receipts)).isEmpty();
  }

  /**
   * Each appends for a store of another age; what is behind the chain is refused, or is nothing.
   */
  @Test
  void writersAtOnceLeaveOneChain() throws Exception {
    BackupStore receipts = FilesystemBackupStore.at(directory.resolve("receipts"));
    int count = segmentKeys().size();
    List<Callable<Optional<Receipt>>> work = new ArrayList<>();
    for (int i = 1; i <= 4 * count; i++) {
      BackupStore store = early((i + 3) / 4);
      work.add(() -> Cloning.with(store).appendReceipt("w", receipts));
    }
    long appended = 0;
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (Future<Optional<Receipt>> each : threads.invokeAll(work)) {
        try {
          appended += each.get().isPresent() ? 1 : 0;
        } catch (ExecutionException behind) {
          assertThat(behind).hasCauseInstanceOf(ForkedHistoryException.class);
        }
      }
    } finally {
      threads.shutdown();
    }
    CheckReport report = check(store(whole), receipts);
    assertThat(report.findings()).isEmpty();
    assertThat(report.receiptCount()).isEqualTo(appended).isPositive();
    assertThat(report.lastReceipt()).map(Receipt::t).hasValue(source.basisT());
  }

  /** Real processes, each of which continues the chains of those that were killed before. */
  @Test
  void aKilledWriterLeavesAWholeChain() throws Exception {
    BackupStore full = FilesystemBackupStore.at(directory.resolve("full"));
    whole.forEach(full::create);
    Path place = directory.resolve("receipts");
    List<String> told = new ArrayList<>();
    for (int lineCount : new int[] {25, 50, 100}) {
      told.addAll(toldUntilKilled(lineCount, place));
    }
    assertThat(told).doesNotHaveDuplicates();
    BackupStore receipts = FilesystemBackupStore.at(place);
    for (int i = 0; i < AppendingProcess.NAME_COUNT; i++) {
      String name = "w" + i;
      Map<String, byte[]> renamed = new TreeMap<>();
      whole.forEach((key, bytes) -> renamed.put(name + key.substring(1), bytes));
      Cloning cloning = Cloning.with(store(renamed));
      cloning.appendReceipt(name, receipts);
      CheckReport report = cloning.check(name, CheckOptions.DEFAULTS, receipts);
      assertThat(report.findings()).as(name).isEmpty();
      assertThat(told.stream().filter(line -> line.startsWith(name + " ")))
          .isSubsetOf(
              LongStream.range(0, report.receiptCount())
                  .mapToObj(number -> name + " " + number)
                  .toList());
    }
  }

  private List<String> toldUntilKilled(int lineCount, Path receipts) throws Exception {
    Process process =
        new ProcessBuilder(
                ChildJvm.command(
                    List.of(),
                    AppendingProcess.class,
                    directory.resolve("full").toString(),
                    receipts.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> told = new ArrayList<>();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.matches("w[0-9]+ [0-9]+")) {
          told.add(line);
        }
        if (told.size() == lineCount) {
          process.toHandle().destroyForcibly();
        }
      }
    }
    assertThat(told).hasSizeGreaterThanOrEqualTo(lineCount);
    process.waitFor();
    return told;
  }
}
