package com.fulcrologic.datomiccloudbackup.internal.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.exceptions.UnreachablePointException;
import com.fulcrologic.datomiccloudbackup.internal.log.Attribute;
import com.fulcrologic.datomiccloudbackup.internal.log.Values;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.RandomWorld;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The state that is read from a live database's indexes is the one that its log leaves. */
class LiveStateTest {
  private static final int WORLD_COUNT = Integer.getInteger("worlds", 30);
  private static final RetryPolicy AT_ONCE = new RetryPolicy(5, Duration.ZERO, Duration.ZERO);

  private final LocalSystem system = LocalSystem.inMemory();
  @TempDir private Path directory;

  private record Fact(long e, long a, Object v) {}

  @Test
  void equalsTheFoldAtEachT() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    StoredBackup backup = backup(source);
    for (long t = 1; t <= source.basisT(); t++) {
      assertEqual(source, backup, t);
    }
  }

  @Test
  void equalsTheFoldInRandomWorlds() {
    for (long seed = 1; seed <= WORLD_COUNT; seed++) {
      DatomicConnection source = system.newDatabase();
      RandomWorld.fill(source, new SplittableRandom(seed));
      assertEqual(source, backup(source), source.basisT());
    }
  }

  /** As after an indexing of Datomic, which keeps one value of an attribute without history. */
  @Test
  void holdsValuesThatTheIndexForgets() {
    DatomicConnection source = system.newDatabase();
    transact(
        source,
        "[{:db/ident :n/log :db/valueType :db.type/string :db/cardinality :db.cardinality/one"
            + " :db/noHistory true}"
            + " {:db/ident :n/id :db/valueType :db.type/long :db/cardinality :db.cardinality/one"
            + " :db/unique :db.unique/identity}]",
        "[[:db/add \"e\" :n/id 1] [:db/add \"e\" :n/log \"first\"]]",
        "[[:db/add \"e\" :n/id 2] [:db/add \"e\" :n/log \"stays\"]]");
    long t = source.basisT();
    for (int i = 0; i < 1_100; i++) {
      transact(source, "[[:db/add [:n/id 1] :n/log \"" + (i % 3 == 0 ? "first" : "v" + i) + "\"]]");
    }
    transact(source, "[[:db/add \"e\" :n/id 3] [:db/add \"e\" :n/log \"later\"]]");
    DatomicConnection forgetful =
        new ForwardingConnection(source) {
          @Override
          public Stream<Datom> datoms(View view, Index index, Object... components) {
            return super.datoms(view, index, components)
                .filter(datom -> !datom.v().equals("first"));
          }
        };
    assertThat(valuesOf(live(source, t), ":n/log")).containsExactlyInAnyOrder("first", "stays");
    assertThat(valuesOf(live(forgetful, t), ":n/log")).containsExactlyInAnyOrder("first", "stays");
  }

  @Test
  void readsAnAttributeAgainAfterATransientFault() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    AtomicInteger count = new AtomicInteger();
    DatomicConnection shaky =
        new ForwardingConnection(source) {
          @Override
          public Stream<Datom> datoms(View view, Index index, Object... components) {
            return super.datoms(view, index, components)
                .peek(
                    datom -> {
                      if (count.incrementAndGet() % 97 == 0 && count.get() < 3_000) {
                        throw new AnomalyException("read", Anomaly.UNAVAILABLE, null, null);
                      }
                    });
          }
        };
    RetryPolicy patient = new RetryPolicy(100, Duration.ZERO, Duration.ZERO);
    try (State state =
        LiveState.asOf(
            source.basisT(), shaky, LiveState.identity(source, AT_ONCE), patient, directory)) {
      assertThat(facts(state)).isEqualTo(facts(live(source, source.basisT())));
    }
    assertThat(count.get()).isGreaterThan(97);
  }

  @Test
  void refusesWhatIsNoTransactionAndLeavesNothingBehind() throws Exception {
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    for (long t : new long[] {0, source.basisT() + 1}) {
      assertThatThrownBy(() -> live(source, t)).isInstanceOf(UnreachablePointException.class);
    }
    DatomicConnection broken =
        new ForwardingConnection(source) {
          @Override
          public Stream<Datom> datoms(View view, Index index, Object... components) {
            return super.datoms(view, index, components)
                .peek(
                    datom -> {
                      if (datom.v().equals("a name of an enum")) {
                        throw new AnomalyException("read", Anomaly.FORBIDDEN, null, null);
                      }
                    });
          }
        };
    assertThatThrownBy(() -> live(broken, source.basisT())).isInstanceOf(AnomalyException.class);
    live(source, 30).close();
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
  }

  private void assertEqual(DatomicConnection source, StoredBackup backup, long t) {
    try (State live = live(source, t);
        State folded = Fold.upTo(t, backup, directory, Progress.IGNORED)) {
      assertThat(live.of().source()).isEqualTo(folded.of().source());
      assertThat(live.of().instant()).isEqualTo(folded.of().instant());
      assertThat(live.of().transactionHash()).isEqualTo(folded.of().transactionHash());
      assertThat(attributesOfUsers(live)).isEqualTo(attributesOfUsers(folded));
      assertThat(live.schema().builtIns()).containsAllEntriesOf(folded.schema().builtIns());
      Set<Fact> ours = facts(live);
      Set<Fact> logs = facts(folded);
      // Datomic Local's index has one of two values beside a NaN.
      Set<List<Long>> lost = besideNan(ours);
      lost.addAll(besideNan(logs));
      ours.removeIf(fact -> lost.contains(List.of(fact.e(), fact.a())));
      logs.removeIf(fact -> lost.contains(List.of(fact.e(), fact.a())));
      assertThat(ours).as("as of t %d", t).isEqualTo(logs);
    }
  }

  private static Set<List<Long>> besideNan(Set<Fact> facts) {
    Set<List<Long>> lost = new HashSet<>();
    for (Fact fact : facts) {
      if (fact.v().equals(Double.NaN) || fact.v().equals(Float.NaN)) {
        lost.add(List.of(fact.e(), fact.a()));
      }
    }
    return lost;
  }

  private static List<Attribute> attributesOfUsers(State state) {
    return state.schema().attributes().stream()
        .filter(attribute -> state.schema().builtIn(attribute.id()) == null)
        .toList();
  }

  private State live(DatomicConnection source, long t) {
    return LiveState.asOf(t, source, LiveState.identity(source, AT_ONCE), AT_ONCE, directory);
  }

  private static Set<Fact> facts(State state) {
    try (Stream<Datom> datoms = state.datoms()) {
      List<Fact> facts =
          datoms.map(datom -> new Fact(datom.e(), datom.a(), Values.canonical(datom.v()))).toList();
      assertThat(facts).doesNotHaveDuplicates();
      return new HashSet<>(facts);
    }
  }

  private static List<Object> valuesOf(State state, String ident) {
    try (state;
        Stream<Datom> datoms = state.datoms()) {
      long attribute =
          state.schema().attributes().stream()
              .filter(each -> each.ident().equals(Keyword.intern(ident.substring(1))))
              .findFirst()
              .orElseThrow()
              .id();
      return datoms.filter(datom -> datom.a() == attribute).map(Datom::v).toList();
    }
  }

  private static StoredBackup backup(DatomicConnection source) {
    MemoryBackupStore store = new MemoryBackupStore();
    Cloning.with(store).backup("w", source, BackupOptions.DEFAULTS);
    return StoredBackup.of(store, "w");
  }

  private static void transact(DatomicConnection source, String... forms) {
    for (String each : forms) {
      source.transact((List<?>) Edn.read(each));
    }
  }
}
