package com.fulcrologic.datomiccloudbackup.wire;

import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.PATIENT;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.VERIFY;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.assertEqual;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.connect;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.empty;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.filled;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.restoreAll;
import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.jobs.BackupJob;
import com.fulcrologic.datomiccloudbackup.jobs.Job;
import com.fulcrologic.datomiccloudbackup.jobs.JobOptions;
import com.fulcrologic.datomiccloudbackup.jobs.Replication;
import com.fulcrologic.datomiccloudbackup.jobs.RestoreFollower;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.wire.WireReply.Fate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A living source, a job that backs it up, one that follows the backup and one that replicates,
 * while replies are cut, lost and late, nodes are behind each other, and keys rotate. {@code
 * -Dsoak=10m} says for how long, {@code -Dseed=N} which faults.
 */
@Timeout(value = 4, unit = TimeUnit.HOURS)
class SoakTest {
  private static final List<Fault> FAULTS =
      List.of(
          Fault.fate(Fate.CUT),
          Fault.fate(Fate.RESET),
          Fault.fate(Fate.SILENCE),
          Fault.kind(Fault.Kind.EMPTY),
          Fault.kind(Fault.Kind.NOT_TRANSIT),
          Fault.status(500),
          Fault.status(504),
          Fault.status(429),
          Fault.anomaly("unavailable").withoutDbs(),
          Fault.anomaly("busy").before(),
          Fault.delay(Duration.ofMillis(200)));
  private static final JobOptions JOB =
      JobOptions.DEFAULTS.withPollInterval(Duration.ofMillis(100)).withBackoff(forEver());

  private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
  private final List<TxRange> gaps = Collections.synchronizedList(new ArrayList<>());

  private static com.fulcrologic.datomiccloudbackup.RetryPolicy forEver() {
    return new com.fulcrologic.datomiccloudbackup.RetryPolicy(
        Integer.MAX_VALUE, PATIENT.delayFirst(), Duration.ofMillis(500));
  }

  @Test
  void everythingGoesOnAndEndsEqual() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("soak -Dseed=" + seed);
    try (WireSystem system = WireSystem.start(2)) {
      String source = filled(system, "source");
      String followed = empty(system, "followed");
      String replicated = empty(system, "replicated");
      BackupStore store = new MemoryBackupStore();
      BackupStore second = new MemoryBackupStore();
      List<Job> jobs =
          List.of(
              new BackupJob(Cloning.with(store), "w", connect(system, source), 9, JOB),
              new RestoreFollower(
                      Cloning.with(store),
                      "w",
                      connect(system, followed),
                      RestoreOptions.DEFAULTS,
                      JOB)
                  .behind(connect(system, source)),
              new Replication(
                  new BackupJob(Cloning.with(second), "w", connect(system, source), 5, JOB),
                  new RestoreFollower(
                          Cloning.with(second),
                          "w",
                          connect(system, replicated),
                          RestoreOptions.DEFAULTS,
                          JOB)
                      .behind(connect(system, source)),
                  JOB.closeWaitMax()));
      List<Thread> threads = jobs.stream().map(this::started).toList();
      disturb(system, source, List.of(store, second), new SplittableRandom(seed));
      system.faults().clear();
      system.nodes().lag(0, Duration.ZERO);
      for (Job job : jobs) {
        job.close();
      }
      for (Thread thread : threads) {
        thread.join(TimeUnit.MINUTES.toMillis(3));
        assertThat(thread.isAlive()).as("a job ends when it is closed").isFalse();
      }
      assertThat(failures).as("-Dseed=%d", seed).isEmpty();
      assertThat(gaps).as("-Dseed=%d: gaps that a reader saw", seed).isEmpty();
      assertCompleted(system, source, followed, store);
      assertCompleted(system, source, replicated, second);
    }
  }

  private Thread started(Job job) {
    Thread thread =
        new Thread(
            () -> {
              try {
                job.run();
              } catch (RuntimeException | Error failed) {
                failures.add(failed);
              }
            },
            "soak");
    thread.start();
    return thread;
  }

  private void disturb(
      WireSystem system, String source, List<BackupStore> stores, SplittableRandom random)
      throws InterruptedException {
    IntFunction<@Nullable Fault> plan =
        n -> {
          synchronized (random) {
            return random.nextInt(25) == 0 ? FAULTS.get(random.nextInt(FAULTS.size())) : null;
          }
        };
    Faults.Rule rule = system.faults().when("*", plan);
    DatomicConnection local = system.local(source);
    long end = System.nanoTime() + duration().toNanos();
    for (int round = 1; System.nanoTime() - end < 0 && failures.isEmpty(); round++) {
      SampleWorld.grow(local, round);
      system.nodes().lag(0, Duration.ofMillis(round % 3 == 0 ? 800 : 0));
      if (round % 7 == 0) {
        WireSystem.rotateKeys();
      }
      for (int look = 0; look < 10; look++) {
        stores.forEach(store -> gaps.addAll(StoredBackup.of(store, "w").gaps(0)));
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
    assertThat(system.faults().struck(rule)).isPositive();
  }

  private static Duration duration() {
    return Duration.parse(
        "PT" + System.getProperty("soak", "30s").toUpperCase(java.util.Locale.ROOT));
  }

  /** What was stopped in the middle is completed by plain runs, and equal. */
  private static void assertCompleted(
      WireSystem system, String source, String target, BackupStore store) {
    Cloning cloning = Cloning.with(store);
    while (cloning.backupNextSegment("w", connect(system, source), 50) instanceof BackedUpSegment) {
      // until nothing is new
    }
    assertThat(cloning.backupGaps("w")).isEmpty();
    restoreAll(cloning, "w", connect(system, target));
    assertEqual(cloning.verifyStored("w", connect(system, source), VERIFY));
    assertEqual(cloning.verify("w", connect(system, target), VERIFY));
  }
}
