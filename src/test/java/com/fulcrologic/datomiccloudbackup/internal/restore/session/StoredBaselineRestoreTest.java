package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.OPTIONS;
import static com.fulcrologic.datomiccloudbackup.internal.restore.session.RestoreFixture.restoreAll;
import static com.fulcrologic.datomiccloudbackup.testing.StoreContents.objects;
import static com.fulcrologic.datomiccloudbackup.testing.StoreContents.storeOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import com.fulcrologic.datomiccloudbackup.exceptions.ForeignSourceException;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedConnection;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedConnection.Death;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedConnection.Disturbance;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.testing.Stores;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A restore that begins with a stored baseline needs no segment before it. */
class StoredBaselineRestoreTest {
  private static final int SEGMENT_SPAN = 10;

  private final LocalSystem system = LocalSystem.inMemory();
  private final DatomicConnection source = system.newDatabase();
  @TempDir private Path directory;

  StoredBaselineRestoreTest() {
    SampleWorld.fill(source);
  }

  /** Notes the keys of all objects that are read. */
  private static final class WatchedStore extends ForwardingBackupStore {
    private final Set<String> keys = new ConcurrentSkipListSet<>();

    WatchedStore(BackupStore real) {
      super(real);
    }

    @Override
    public Optional<byte[]> read(String key, int sizeMax) {
      keys.add(key);
      return super.read(key, sizeMax);
    }

    /** The first t after each segment that was read. */
    Stream<Long> endTs() {
      return keys.stream()
          .filter(key -> key.contains("/segments/"))
          .map(key -> Long.valueOf(key.substring(key.lastIndexOf('-') + 1)));
    }
  }

  @Test
  void readsNoSegmentAtOrBelowT() {
    BackupStore store = Stores.in(directory);
    long t = backup(store);
    Cloning.with(store).writeBaseline("w", t);
    for (RestorePoint point : new RestorePoint[] {RestorePoint.NEWEST, new RestorePoint.AtT(t)}) {
      WatchedStore watched = new WatchedStore(store);
      DatomicConnection target = system.newDatabase();
      restoreAll(restoring(watched), target, OPTIONS.fromBaseline(point));
      LogComparison.assertEqualFromBaseline(t, source, target);
      assertThat(watched.keys).anyMatch(key -> key.startsWith("w/baseline-parts/" + t));
      assertThat(watched.endTs().toList()).isNotEmpty().allMatch(endT -> endT > t + 1);
    }
  }

  /**
   * An entity among the schema has no datom of its own but a reference to a user's entity. One of
   * the user's refers to it, and an attribute, which had to, still does or does no more.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void makesASilentEntityAmongTheSchemaBeforeOthersReferToIt(boolean isReferredByAttribute) {
    transact("[[:db/add :w/name :w/part \"silent\"] [:db/add \"silent\" :w/id 4713]]");
    transact(
        "[[:db/add [:w/id 4713] :w/things [:w/id 1]] [:db/add \"user\" :w/things [:w/id 4713]]"
            + " [:db/add \"user\" :w/name \"user\"]]");
    transact("[[:db/retract [:w/id 4713] :w/id 4713]]");
    long silent = part();
    assertThat(Transaction.isAmongSchema(silent)).isTrue();
    if (!isReferredByAttribute) {
      transact("[[:db/retract :w/name :w/part " + silent + "]]");
    }
    BackupStore store = Stores.memory();
    Cloning.with(store).backup("w", source, BackupOptions.DEFAULTS);
    DatomicConnection target = system.newDatabase();
    DatomicConnection slow =
        new ForwardingConnection(target) {
          @Override
          public TransactionReport transact(List<?> txData) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            return super.transact(txData);
          }
        };
    restoreAll(restoring(store), slow, OPTIONS.fromBaseline(RestorePoint.NEWEST));
    LogComparison.assertEqualFromBaseline(source.basisT(), source, target);
  }

  private void transact(String forms) {
    source.transact((List<?>) Edn.read(forms));
  }

  private long part() {
    Keyword name = Keyword.intern("w", "name");
    try (Stream<Datom> parts =
        source.datoms(View.CURRENT, Index.EAVT, name, Keyword.intern("w", "part"))) {
      return (Long) parts.findFirst().orElseThrow().v();
    }
  }

  @Test
  void takesTheNewestStoredBaselineUpToTheEndOfTheRestore() {
    BackupStore store = Stores.memory();
    long t = backup(store);
    Cloning cloning = Cloning.with(store);
    RestoreOptions newest = OPTIONS.fromBaseline(RestorePoint.NEWEST);
    assertThat(baselineT(store, newest)).isEqualTo(source.basisT());
    cloning.writeBaseline("w", t);
    cloning.writeBaseline("w", t + 5);
    assertThat(baselineT(store, newest)).isEqualTo(t + 5);
    assertThat(baselineT(store, newest.until(new RestorePoint.AtT(t + 4)))).isEqualTo(t);
    assertThat(baselineT(store, newest.until(new RestorePoint.AtT(t - 1)))).isEqualTo(t - 1);
  }

  private long baselineT(BackupStore store, RestoreOptions options) {
    Planner planner = new Planner(StoredBackup.of(store, "w"), options);
    return planner.claim(planner.plan(planner.look())).baselineT().orElseThrow();
  }

  @Test
  void noticesAFlippedByteInEachObjectAndGoesOnWithoutTheBaseline() {
    BackupStore store = Stores.memory();
    long t = backup(store);
    Cloning.with(store).writeBaseline("w", t);
    Map<String, byte[]> objects = objects(store);
    RestoreOptions options = OPTIONS.fromBaseline(new RestorePoint.AtT(t));
    for (String key : objects.keySet().stream().filter(each -> each.contains("base")).toList()) {
      Map<String, byte[]> broken = new TreeMap<>(objects);
      byte[] flipped = Objects.requireNonNull(objects.get(key)).clone();
      flipped[flipped.length / 2] ^= 4;
      broken.put(key, flipped);
      DatomicConnection target = system.newDatabase();
      assertThatThrownBy(() -> restoreAll(restoring(storeOf(broken)), target, options))
          .as(key)
          .isInstanceOf(CorruptSegmentException.class)
          .extracting(failure -> ((CorruptSegmentException) failure).hint())
          .asString()
          .contains("w/baselines/" + (Long.MAX_VALUE - t) + "-" + t + " away");
      broken.keySet().removeIf(each -> each.contains("baselines/"));
      restoreAll(restoring(storeOf(broken)), target, options);
      LogComparison.assertEqualFromBaseline(t, source, target);
    }
  }

  @Test
  void refusesTheBaselineOfAnotherDatabase() {
    DatomicConnection other = system.newDatabase();
    SampleWorld.fill(other);
    BackupStore otherStore = Stores.memory();
    Cloning.with(otherStore).backup("w", other, BackupOptions.DEFAULTS);
    BackupStore store = Stores.memory();
    long t = backup(store);
    Cloning.with(otherStore).writeBaseline("w", t);
    objects(otherStore)
        .forEach(
            (key, bytes) -> {
              if (key.startsWith("w/base")) {
                store.create(key, bytes);
              }
            });
    DatomicConnection target = system.newDatabase();
    RestoreOptions options = OPTIONS.fromBaseline(new RestorePoint.AtT(t));
    assertThatThrownBy(() -> restoreAll(restoring(store), target, options))
        .isInstanceOf(ForeignSourceException.class);
  }

  @Test
  void continuesAKilledLoadWithOrWithoutTheStoredBaseline() {
    BackupStore store = Stores.memory();
    long t = backup(store);
    StoredBackup without = StoredBackup.of(storeOf(objects(store)), "w");
    Cloning.with(store).writeBaseline("w", t);
    StoredBackup with = StoredBackup.of(store, "w");
    RestoreOptions options = OPTIONS.fromBaseline(new RestorePoint.AtT(t));
    DatomicConnection target = system.newDatabase();
    int deathCount = 0;
    for (boolean done = false; !done; ) {
      StoredBackup backup = deathCount % 2 == 0 ? with : without;
      DatomicConnection mortal =
          new DisturbedConnection(
              target, number -> number == 3 ? Disturbance.DEATH_AFTER : Disturbance.NONE);
      try {
        restoreAll(new Restoring(backup), mortal, options);
        done = true;
      } catch (Death died) {
        deathCount++;
      }
    }
    assertThat(deathCount).isGreaterThan(2);
    LogComparison.assertEqualFromBaseline(t, source, target);
  }

  private static Restoring restoring(BackupStore store) {
    return new Restoring(StoredBackup.of(store, "w"));
  }

  /** Returns a t that ends a segment. */
  private long backup(BackupStore store) {
    Cloning cloning = Cloning.with(store);
    cloning.backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(SEGMENT_SPAN));
    TxRange third = cloning.segments("w").get(3).range();
    return third.endT() - 1;
  }
}
