package com.fulcrologic.datomiccloudbackup.internal.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.SegmentGapException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.exceptions.UnreachablePointException;
import com.fulcrologic.datomiccloudbackup.internal.log.Values;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.RandomWorld;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fold of the stored log equals what Datomic itself holds as of the same t. */
class FoldTest {
  private static final int WORLD_COUNT = Integer.getInteger("worlds", 60);

  private final LocalSystem system = LocalSystem.inMemory();
  @TempDir private Path directory;

  private final Set<Fact> bootstrap = factsOf(system.newDatabase(), View.CURRENT);

  private record Fact(long e, long a, Object v) {}

  @Test
  void holdsWhatDatomicHoldsAtEachT() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    StoredBackup backup = backup(source, 7);
    for (long t = 1; t <= source.basisT(); t++) { // asOf 0 is the present
      assertEqual(backup, source, t, 50);
    }
  }

  @Test
  void holdsWhatDatomicHoldsInRandomWorlds() {
    for (long seed = 1; seed <= WORLD_COUNT; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      DatomicConnection source = system.newDatabase();
      RandomWorld.fill(source, random.split());
      StoredBackup backup = backup(source, random.nextInt(1, 21));
      int runCountMax = random.nextInt(1, 500);
      assertEqual(backup, source, random.nextLong(1, source.basisT() + 1), runCountMax);
      assertEqual(backup, source, source.basisT(), runCountMax);
    }
  }

  @Test
  void keepsTheLastWordOfManyRuns() {
    DatomicConnection source = system.newDatabase();
    source.transact(
        forms(
            "[{:db/ident :k/n :db/valueType :db.type/long :db/cardinality :db.cardinality/one}"
                + "{:db/ident :k/s :db/valueType :db.type/string"
                + " :db/cardinality :db.cardinality/many}]"));
    long e =
        Objects.requireNonNull(
            source.transact(forms("[[:db/add \"e\" :k/n 0]]")).tempids().get("e"));
    for (int i = 0; i < 1_200; i++) {
      String sign = i % 7 == 3 ? "retract" : "add";
      source.transact(
          forms(
              "[[:db/add "
                  + e
                  + " :k/n "
                  + i % 50
                  + "][:db/"
                  + sign
                  + " "
                  + e
                  + " :k/s \"v"
                  + i % 90
                  + "\"]]"));
    }
    assertEqual(backup(source, 500), source, source.basisT(), 1); // a run for each transaction
  }

  @Test
  void isOrderedByTheIndexOfTheEntity() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    try (State state = fold(backup(source, 100), source.basisT(), 20);
        Stream<Datom> datoms = state.datoms()) {
      List<Datom> all = datoms.toList();
      assertThat(all)
          .isSortedAccordingTo(
              Comparator.comparing((Datom datom) -> State.order(datom.e()), Long::compareUnsigned))
          .hasSize((int) state.of().datomCount());
    }
  }

  @Test
  void leavesNothingBehind() throws Exception {
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    StoredBackup backup = backup(source, 100);
    try (State state = fold(backup, source.basisT(), 20)) {
      assertThat(state.of().t()).isEqualTo(source.basisT());
      assertThat(files()).isNotEmpty();
    }
    assertThat(files()).isEmpty();
    assertThatThrownBy(() -> fold(backup, 1_000_000, 20))
        .isInstanceOf(UnreachablePointException.class);
    assertThat(files()).isEmpty();
  }

  @Test
  void refusesWhatIsNotStored() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    MemoryBackupStore store = new MemoryBackupStore();
    StoredBackup backup = StoredBackup.of(store, "w");
    assertThatThrownBy(() -> fold(backup, 3, 20)).isInstanceOf(NoSuchBackupException.class);
    Cloning cloning = Cloning.with(store);
    cloning.backupSegment("w", source, new TxRange(0, 10));
    cloning.backupSegment("w", source, new TxRange(15, 20));
    assertThat(fold(backup, 9, 20)).satisfies(State::close);
    assertThatThrownBy(() -> fold(backup, 10, 20)).isInstanceOf(SegmentGapException.class);
    assertThatThrownBy(() -> fold(backup, 17, 20)).isInstanceOf(SegmentGapException.class);
    assertThatThrownBy(() -> fold(backup, 20, 20)).isInstanceOf(UnreachablePointException.class);
    assertThatThrownBy(() -> Fold.upTo(9, backup, directory.resolve("none"), Progress.IGNORED))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("none");
  }

  private void assertEqual(StoredBackup backup, DatomicConnection source, long t, int runCountMax) {
    try (State state = fold(backup, t, runCountMax);
        Stream<Datom> datoms = state.datoms()) {
      List<Fact> folded = datoms.map(FoldTest::fact).toList();
      Set<Fact> expected = factsOf(source, View.asOf(t));
      Set<Fact> all = new HashSet<>(folded);
      Set<List<Long>> lost = besideNan(source);
      all.removeIf(fact -> lost.contains(List.of(fact.e(), fact.a())));
      expected.removeIf(fact -> lost.contains(List.of(fact.e(), fact.a())));
      assertThat(missing(all, expected)).as("too many as of t %d", t).isEmpty();
      // Datomic Local's index has some more of its bootstrap than its log
      assertThat(missing(missing(expected, all), bootstrap)).as("missing as of t %d", t).isEmpty();
      assertThat(folded).doesNotHaveDuplicates();
    }
  }

  /**
   * The entities and attributes that ever had NaN: Datomic Local takes it for equal to any number,
   * and its index, unlike its log, keeps only one of the two.
   */
  private static Set<List<Long>> besideNan(DatomicConnection source) {
    try (Stream<Transaction> log = source.txRange(new TxRange(0, source.basisT() + 1))) {
      return log.flatMap(transaction -> transaction.datoms().stream())
          .filter(datom -> datom.v().equals(Double.NaN) || datom.v().equals(Float.NaN))
          .map(datom -> List.of(datom.e(), datom.a()))
          .collect(Collectors.toSet());
    }
  }

  private static Set<Fact> factsOf(DatomicConnection source, View view) {
    try (Stream<Datom> held = source.datoms(view, Index.EAVT)) {
      return new HashSet<>(held.map(FoldTest::fact).toList());
    }
  }

  private static Set<Fact> missing(Set<Fact> from, Set<Fact> of) {
    Set<Fact> rest = new HashSet<>(from);
    rest.removeAll(of);
    return rest;
  }

  private static Fact fact(Datom datom) {
    return new Fact(datom.e(), datom.a(), Values.canonical(datom.v()));
  }

  private State fold(StoredBackup backup, long t, int runCountMax) {
    return Fold.upTo(t, backup, directory, Progress.IGNORED, runCountMax);
  }

  private List<Path> files() throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private static StoredBackup backup(DatomicConnection source, int transactionCountMax) {
    MemoryBackupStore store = new MemoryBackupStore();
    Cloning.with(store)
        .backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(transactionCountMax));
    return StoredBackup.of(store, "w");
  }

  private static List<?> forms(String edn) {
    return (List<?>) Edn.read(edn);
  }
}
