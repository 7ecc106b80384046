package com.fulcrologic.datomiccloudbackup.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.check.CheckFinding;
import com.fulcrologic.datomiccloudbackup.check.CheckFinding.Kind;
import com.fulcrologic.datomiccloudbackup.check.CheckLevel;
import com.fulcrologic.datomiccloudbackup.check.CheckOptions;
import com.fulcrologic.datomiccloudbackup.check.CheckReport;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.internal.fold.BaselineWriter;
import com.fulcrologic.datomiccloudbackup.internal.fold.Fold;
import com.fulcrologic.datomiccloudbackup.internal.fold.State;
import com.fulcrologic.datomiccloudbackup.internal.log.Schema;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.upkeep.CompactOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each fault of a stored baseline is found, at its level. */
class BaselineCheckTest {
  private static final long T = 25;

  private static LocalSystem system;
  private static DatomicConnection source;
  @TempDir private Path directory;

  private BackupStore store = new MemoryBackupStore();
  private Map<String, byte[]> objects = new TreeMap<>();

  @BeforeAll
  static void makeSource() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    SampleWorld.fill(source);
  }

  @BeforeEach
  void backUp() {
    Cloning.with(store).backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(10));
  }

  @Test
  void isSoundAtEveryLevelBeforeAndAfterACompaction() throws Exception {
    Cloning cloning = Cloning.with(store);
    cloning.writeBaseline("w", T);
    cloning.writeBaseline("w", source.basisT());
    take();
    for (int i = 0; i < 2; i++) {
      for (CheckLevel level : CheckLevel.values()) {
        CheckReport report = check(level);
        assertThat(report.findings()).isEmpty();
        assertThat(report.baselineCount()).isEqualTo(2);
        assertThat(report.foreignKeyCount()).isZero();
      }
      cloning.compact("w", CompactOptions.DEFAULTS.withTransactionCountMax(20));
      take();
    }
    assertThat(
            check(CheckOptions.DEFAULTS.within(new TxRange(T + 1, source.basisT())))
                .baselineCount())
        .isZero();
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void findsAMissingPartByTheListing() {
    Cloning.with(store).writeBaseline("w", T);
    take();
    objects.remove(part(0));
    for (CheckLevel level : CheckLevel.values()) {
      assertFound(level, Kind.CORRUPT, part(0));
    }
  }

  @Test
  void findsAFlippedByteInEachObject() {
    Cloning.with(store).writeBaseline("w", T);
    take();
    for (String key : List.of(part(0), manifest())) {
      byte[] whole = Objects.requireNonNull(objects.get(key));
      byte[] flipped = whole.clone();
      flipped[flipped.length / 2] ^= 1;
      objects.put(key, flipped);
      assertFound(CheckLevel.HASH, Kind.CORRUPT, key);
      assertFound(CheckLevel.DECODE, Kind.CORRUPT, key);
      objects.put(key, whole);
    }
    assertThat(check(CheckLevel.DECODE).isSound()).isTrue();
  }

  @Test
  void findsPartsThatAreNotOfTheManifest() {
    Cloning.with(store).writeBaseline("w", T);
    take();
    byte[] part = Objects.requireNonNull(objects.get(part(0)));
    store = new MemoryBackupStore();
    backUp();
    write(datoms -> datoms.subList(0, datoms.size() - 1));
    take();
    objects.put(part(0), part);
    assertFound(CheckLevel.HASH, Kind.CORRUPT, part(0));
  }

  @Test
  void findsAnotherStateThanThatOfTheSegments() {
    List<UnaryOperator<List<Datom>>> changes =
        List.of(
            datoms -> datoms.subList(0, datoms.size() - 1),
            datoms -> {
              List<Datom> changed = new ArrayList<>(datoms);
              Datom last = changed.remove(changed.size() - 1);
              changed.add(new Datom(last.e(), last.a(), "another value", last.tx(), true));
              return changed;
            },
            datoms -> {
              List<Datom> changed = new ArrayList<>(datoms);
              changed.add(datoms.get(0));
              return changed;
            });
    for (UnaryOperator<List<Datom>> change : changes) {
      store = new MemoryBackupStore();
      backUp();
      write(change);
      take();
      assertThat(check(CheckLevel.HASH).isSound()).isTrue();
      assertFound(CheckLevel.DECODE, Kind.FORKED, manifest());
    }
  }

  @Test
  void findsTheBaselineOfAnotherDatabase() {
    DatomicConnection other = system.newDatabase();
    SampleWorld.fill(other);
    BackupStore otherStore = new MemoryBackupStore();
    Cloning.with(otherStore).backup("w", other, BackupOptions.DEFAULTS);
    Cloning.with(otherStore).writeBaseline("w", T);
    take();
    Map<String, byte[]> own = objects;
    store = otherStore;
    take();
    own.put(manifest(), Objects.requireNonNull(objects.get(manifest())));
    own.put(part(0), Objects.requireNonNull(objects.get(part(0))));
    objects = own;
    assertFound(CheckLevel.HASH, Kind.FOREIGN_SOURCE, manifest());
  }

  @Test
  void findsABaselineWhoseSegmentsAreMissing() {
    Cloning.with(store).writeBaseline("w", T);
    take();
    objects.keySet().removeIf(key -> key.endsWith("-10-20"));
    CheckReport report =
        check(
            CheckOptions.DEFAULTS
                .withLevel(CheckLevel.DECODE)
                .within(new TxRange(T, source.basisT() + 1)));
    assertThat(report.findings()).extracting(CheckFinding::kind).containsExactly(Kind.GAP);
  }

  @Test
  void aWriterThatHasNotEndedIsNoFault() {
    Cloning.with(store).writeBaseline("w", T);
    take();
    objects.remove(manifest());
    CheckReport report = check(CheckLevel.DECODE);
    assertThat(report.isSound()).isTrue();
    assertThat(report.baselineCount()).isZero();
    assertThat(report.foreignKeyCount()).isZero();
  }

  private void assertFound(CheckLevel level, Kind kind, String key) {
    CheckReport report = check(level);
    assertThat(report.findings()).as("%s at %s", key, level).hasSize(1);
    CheckFinding finding = report.findings().get(0);
    assertThat(finding.kind()).isEqualTo(kind);
    assertThat(finding.range()).hasValue(new TxRange(T, T + 1));
    assertThat(finding.message()).contains(key);
  }

  /** Writes the baseline of a state that was changed. */
  private void write(UnaryOperator<List<Datom>> change) {
    StoredBackup backup = StoredBackup.of(store, "w");
    try (State state = Fold.upTo(T, backup, directory, Progress.IGNORED);
        Stream<Datom> datoms = state.datoms()) {
      List<Datom> changed = change.apply(datoms.toList());
      State.Of of = state.of();
      State.Of ofChanged =
          new State.Of(of.source(), of.t(), of.instant(), of.transactionHash(), changed.size());
      new BaselineWriter(backup.baselines()).write(new Changed(state, ofChanged, changed));
    }
  }

  private record Changed(State state, State.Of of, List<Datom> all) implements State {
    @Override
    public Schema schema() {
      return state.schema();
    }

    @Override
    public Stream<Datom> datoms() {
      return all.stream();
    }

    @Override
    public void close() {}
  }

  private static String manifest() {
    return "w/baselines/" + (Long.MAX_VALUE - T) + "-" + T;
  }

  private static String part(int number) {
    return "w/baseline-parts/" + T + "/" + number;
  }

  private void take() {
    objects = new TreeMap<>();
    try (Stream<StoredObject> listed = store.list("", "")) {
      listed.forEach(
          object ->
              objects.put(object.key(), store.read(object.key(), Integer.MAX_VALUE).orElseThrow()));
    }
  }

  private CheckReport check(CheckLevel level) {
    return check(CheckOptions.DEFAULTS.withLevel(level));
  }

  private CheckReport check(CheckOptions options) {
    BackupStore copy = new MemoryBackupStore();
    objects.forEach(copy::create);
    return Cloning.with(copy).check("w", options.withSpillDirectory(directory));
  }
}
