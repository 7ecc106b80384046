package com.fulcrologic.datomiccloudbackup.pro;

import static com.fulcrologic.datomiccloudbackup.pro.ProRoundTripTest.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.lang.Keyword;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.TransactionsInFlight;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.DatabaseFunction;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TxData;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchDatabaseException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetInUseException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedConnection;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedConnection.Death;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedConnection.Disturbance;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.ProSystem;
import com.fulcrologic.datomiccloudbackup.testing.ProWorld;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import datomic.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Faults of a Pro system, and restores that die, meet one another, or meet an intruder. */
class ProFaultsTest {
  private static final RestoreOptions OPTIONS =
      RestoreOptions.DEFAULTS.withRetryPolicy(new RetryPolicy(5, Duration.ZERO, Duration.ZERO));

  private final BackupStore store = new MemoryBackupStore();

  @ParameterizedTest
  @EnumSource
  void resumesAfterDeathAtEveryTransaction(Direction direction) {
    DatomicConnection source = source(direction);
    for (Disturbance death : List.of(Disturbance.DEATH_BEFORE, Disturbance.DEATH_AFTER)) {
      DatomicConnection target = direction.newTarget();
      int survived = death == Disturbance.DEATH_BEFORE ? 1 : 0;
      int deathCount = 0;
      boolean isDone = false;
      while (!isDone) {
        DatomicConnection mortal =
            new DisturbedConnection(target, number -> number > survived ? death : Disturbance.NONE);
        try {
          restore(mortal, OPTIONS.withInFlight(TransactionsInFlight.ONE));
          isDone = true;
        } catch (Death died) {
          deathCount++; // the next process starts with nothing
        }
      }
      assertThat(deathCount).isGreaterThan(30);
      LogComparison.assertEqual(source, target);
    }
  }

  /** The peer's own timeout says nothing of the outcome: it is looked up, in one run. */
  @ParameterizedTest
  @EnumSource
  void survivesEveryFifthReplyLost(Direction direction) {
    DatomicConnection source = source(direction);
    for (int inFlight : List.of(1, 16)) {
      DatomicConnection target = direction.newTarget();
      DatomicConnection shaky =
          new DisturbedConnection(
              target, number -> number % 5 == 0 ? Disturbance.LOST_REPLY : Disturbance.NONE);
      restore(shaky, OPTIONS.withInFlight(TransactionsInFlight.exactly(inFlight)));
      LogComparison.assertEqual(source, target);
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoRestoresAtOnceApplyEachTransactionOnce(Direction direction) throws Exception {
    DatomicConnection source = source(direction);
    DatomicConnection target = direction.newTarget();
    ExecutorService executor = Executors.newFixedThreadPool(2);
    CyclicBarrier together = new CyclicBarrier(2);
    List<Future<?>> futures = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Callable<Void> racer =
          () -> {
            together.await();
            try {
              restore(target, OPTIONS);
            } catch (TargetInUseException slower) {
              // the other one goes on
            }
            return null;
          };
      futures.add(executor.submit(racer));
    }
    for (Future<?> future : futures) {
      future.get();
    }
    executor.shutdown();
    restore(target, OPTIONS);
    LogComparison.assertEqual(source, target);
  }

  @ParameterizedTest
  @EnumSource
  void namesAnIntruder(Direction direction) {
    source(direction);
    DatomicConnection target = direction.newTarget();
    DatomicConnection shared =
        new DisturbedConnection(
            target, number -> number == 17 ? Disturbance.INTRUDER : Disturbance.NONE);
    assertThatThrownBy(() -> restore(shared, OPTIONS))
        .isInstanceOf(TargetNotRestorableException.class)
        .hasMessageContaining("its t");
  }

  @Test
  void resumesAWorldOfProInSessionsThatRememberNothing() {
    DatomicConnection source = new ProSystem().newDatabase();
    ProWorld.fill(source);
    Cloning.with(store).backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(3));
    DatomicConnection target = new ProSystem().newDatabase();
    for (long t : ProRoundTripTest.ts(source)) {
      restore(target, OPTIONS.until(t));
    }
    LogComparison.assertEqual(source, target);
  }

  @Test
  void aDatabaseThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> new ProSystem().client().connect("none"))
        .isInstanceOf(NoSuchDatabaseException.class)
        .hasMessageContaining("none");
  }

  @Test
  void aStorageThatRefusesIsUnavailable() {
    DatomicClient client =
        DatomicClient.ofEdn("{:server-type :peer :uri \"datomic:dev://localhost:1/%s\"}");
    assertThatThrownBy(() -> client.connect("any"))
        .isInstanceOfSatisfying(
            AnomalyException.class,
            refused -> assertThat(refused.anomaly()).isEqualTo(Anomaly.UNAVAILABLE));
  }

  @Test
  void aFunctionThatThrowsIsAFaultAndIsNotRepeated() {
    DatomicConnection connection = new ProSystem().newDatabase();
    ProWorld.transact(connection, "[{:db/ident :f/bad}]");
    connection.transact(
        List.of(
            TxData.add(
                Keyword.intern("f", "bad"),
                Keyword.intern("db", "fn"),
                new DatabaseFunction(
                    "{:lang :clojure, :imports nil, :requires nil, :params [db], :code \"(throw"
                        + " (Exception. \\\"secret\\\"))\"}"))));
    assertThatThrownBy(() -> ProWorld.transact(connection, "[[:f/bad]]"))
        .isInstanceOfSatisfying(
            AnomalyException.class,
            refused -> {
              assertThat(refused.anomaly().isTransient()).isFalse();
              assertThat(refused.getMessage()).doesNotContain("secret");
            });
  }

  @Test
  void wrapsAConnectionThatACallerHolds() {
    String uri = "datomic:mem://" + UUID.randomUUID();
    Peer.createDatabase(uri);
    Object connection = Peer.connect(uri);
    DatomicConnection wrapped = DatomicConnection.of(connection);
    assertThat(wrapped).isEqualTo(DatomicConnection.of(connection));
    assertThat(wrapped.basisT()).isEqualTo(66);
    assertThat(wrapped.databaseName()).isEqualTo(wrapped.databaseId());
  }

  @Test
  void listsTheDatabasesAndRefusesAUriWithoutAPlaceForTheName() {
    ProSystem system = new ProSystem();
    system.database("a");
    assertThat(system.client().databaseNames()).containsExactly("a");
    assertThatThrownBy(() -> DatomicClient.ofEdn("{:server-type :peer :uri \"datomic:mem://x\"}"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(":uri");
    assertThat(System.getProperty("datomic.objectCacheMax")).endsWith("m");
  }

  private DatomicConnection source(Direction direction) {
    DatomicConnection source = direction.newSource();
    SampleWorld.fill(source);
    Cloning.with(store).backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(10));
    return source;
  }

  private void restore(DatomicConnection target, RestoreOptions options) {
    Cloning cloning = Cloning.with(store);
    while (cloning.restoreSegment("w", target, options) instanceof RestoredSegment) {
      // until nothing is new
    }
  }

  /** A source grows, is followed into another Datomic, is switched over, and comes back. */
  @Test
  void migratesThereAndBack() {
    for (Direction direction : List.of(Direction.LOCAL_TO_PRO, Direction.PRO_TO_LOCAL)) {
      DatomicConnection source = direction.newSource();
      SampleWorld.fill(source);
      Cloning there = Cloning.with(new MemoryBackupStore());
      DatomicConnection target = direction.newTarget();
      for (int round = 1; round <= 3; round++) {
        there.backup("w", source, BackupOptions.DEFAULTS.withTransactionCountMax(9));
        restoreAll(there, target);
        SampleWorld.grow(source, round);
      }
      there.backup("w", source, BackupOptions.DEFAULTS); // writers have stopped: the cut-over
      restoreAll(there, target);
      LogComparison.assertEqual(source, target);
      assertThat(there.verify(source, target, VerifyOptions.DEFAULTS).differences()).isEmpty();
      SampleWorld.grow(target, 4); // the target is the system now
      Cloning back = Cloning.with(new MemoryBackupStore());
      back.backup("w", target, BackupOptions.DEFAULTS.withTransactionCountMax(20));
      DatomicConnection home = direction.newSource();
      restoreAll(back, home);
      LogComparison.assertEqual(target, home);
    }
  }
}
