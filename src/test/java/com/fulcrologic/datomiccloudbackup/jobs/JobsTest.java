package com.fulcrologic.datomiccloudbackup.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.Lag;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.exceptions.ForeignSourceException;
import com.fulcrologic.datomiccloudbackup.exceptions.NoSuchBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.exceptions.TargetNotRestorableException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import com.fulcrologic.datomiccloudbackup.testing.CountingConnection;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedConnection;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedConnection.Disturbance;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedStore;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.testing.Stores;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs beside a living system, with the faults that living systems have. */
class JobsTest {
  private static final JobOptions QUICK =
      JobOptions.DEFAULTS
          .withPollInterval(Duration.ofMillis(10))
          .withBackoff(
              new RetryPolicy(Integer.MAX_VALUE, Duration.ofMillis(1), Duration.ofMillis(20)));

  private static LocalSystem system;

  private final DisturbedStore store = new DisturbedStore(Stores.memory());
  private final Events events = new Events();
  private final Cloning cloning =
      Cloning.with(store).withListener(CloningListener.of(List.of(new Defective(), events)));

  @BeforeAll
  static void open() {
    system = LocalSystem.inMemory();
  }

  /** Clojure calls by reflection, which cannot use a method of a class that is not public. */
  @ParameterizedTest
  @ValueSource(classes = {BackupJob.class, RestoreFollower.class, Replication.class})
  void itsMethodsAreThoseOfAPublicClass(Class<? extends Job> job) throws Exception {
    for (String method : List.of("run", "close")) {
      assertThat(job.getMethod(method).getDeclaringClass()).as(method).isEqualTo(job);
    }
  }

  @Test
  void aTargetFollowsALivingSourceThroughFaults() {
    Moody source = new Moody(system.newDatabase());
    SampleWorld.fill(source);
    DatomicConnection target = system.newDatabase();
    DatomicConnection disturbed =
        new DisturbedConnection(
            target,
            number ->
                switch (number % 7) {
                  case 3 -> Disturbance.BUSY;
                  case 5 -> Disturbance.LOST_REPLY;
                  case 6 -> Disturbance.LOST_REQUEST;
                  default -> Disturbance.NONE;
                });
    Replication job =
        new Replication(
            new BackupJob(cloning, "a", source, 7, QUICK),
            new RestoreFollower(cloning, "a", disturbed, RestoreOptions.DEFAULTS, QUICK)
                .behind(source),
            QUICK.closeWaitMax());
    CompletableFuture<Void> running = start(job);
    await(() -> events.lastRestoreLag().equals(Lag.NONE));
    assertThat(events.restored).isNotEmpty();

    store.breakDown();
    SampleWorld.note(source);
    SampleWorld.note(source);
    await(() -> events.lastBackupLag().t() == 2 && events.lastRestoreLag().t() == 2);
    await(() -> events.retries.stream().anyMatch(StoreException.class::isInstance));
    assertThat(running).as("neither wedged nor ended").isNotDone();
    store.recover();
    await(() -> events.lastBackupLag().equals(Lag.NONE));
    await(() -> events.lastRestoreLag().equals(Lag.NONE));

    source.isBusy = true;
    events.retries.clear();
    await(() -> events.retries.stream().anyMatch(AnomalyException.class::isInstance));
    source.isBusy = false;
    SampleWorld.note(source);
    await(() -> events.lastReachedBy(source.basisT()));

    job.close();
    running.join();
    assertThat(cloning.backupGaps("a")).isEmpty();
    LogComparison.assertEqual(source, target);
  }

  @Test
  void whatDoesNotPassEndsAJob() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.note(source);
    cloning.backup("a", source, BackupOptions.DEFAULTS);
    DatomicConnection other = system.newDatabase();
    SampleWorld.note(other);
    assertThatThrownBy(() -> new BackupJob(cloning, "a", other, 10, QUICK).run())
        .isInstanceOf(ForeignSourceException.class);
    assertThatThrownBy(() -> follower("none", system.newDatabase()).run())
        .isInstanceOf(NoSuchBackupException.class);
    assertThatThrownBy(() -> follower("a", other).run())
        .isInstanceOf(TargetNotRestorableException.class);
    assertThatThrownBy(
            () ->
                new Replication(
                        new BackupJob(cloning, "a", other, 10, QUICK),
                        follower("a", system.newDatabase()),
                        QUICK.closeWaitMax())
                    .run())
        .as("one that ends ends the other")
        .isInstanceOf(ForeignSourceException.class);
    store.breakDown();
    JobOptions impatient =
        QUICK.withBackoff(new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(1)));
    assertThatThrownBy(() -> new BackupJob(cloning, "b", source, 10, impatient).run())
        .isInstanceOf(StoreException.class);
    assertThat(events.retries).hasSize(2);
  }

  /** In a thread of its own, a defect must not look like an orderly end. */
  @Test
  void aDefectOfTheBackupEndsAReplicationWithIt() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    DatomicConnection defective =
        new ForwardingConnection(source) {
          @Override
          public long basisT() {
            throw new UnsupportedOperationException("a defect");
          }
        };
    Replication job =
        new Replication(
            new BackupJob(cloning, "defective", defective, 10, QUICK),
            follower("defective", system.newDatabase()).behind(source),
            QUICK.closeWaitMax());
    assertThatThrownBy(job::run).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void closingEndsARestoreBetweenTwoTransactions() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    cloning.backup("a", source, BackupOptions.DEFAULTS);
    DatomicConnection target = system.newDatabase();
    Job[] job = new Job[1];
    DatomicConnection closing =
        new ForwardingConnection(target) {
          private int number;

          @Override
          public TransactionReport transact(List<?> txData) {
            if (++number == 12) {
              job[0].close();
            }
            return super.transact(txData);
          }
        };
    // The call that closes may be one that the end has to wait for.
    JobOptions options = QUICK.withCloseWaitMax(Duration.ofMillis(1));
    job[0] = new RestoreFollower(cloning, "a", closing, RestoreOptions.DEFAULTS, options);
    job[0].run();
    long reached = cloning.restoredThrough("a", target).orElseThrow().t();
    assertThat(reached).isPositive().isLessThan(source.basisT());
    while (cloning.restoreSegment("a", target, RestoreOptions.DEFAULTS)
        instanceof RestoredSegment) {}
    LogComparison.assertEqual(source, target);
  }

  @Test
  void aGapIsWaitedForAndNotSkipped() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.note(source);
    SampleWorld.note(source);
    SampleWorld.note(source);
    long basisT = source.basisT();
    cloning.backupSegment("a", source, new TxRange(0, basisT - 1));
    cloning.backupSegment("a", source, new TxRange(basisT, basisT + 1));
    DatomicConnection target = system.newDatabase();
    RestoreFollower job = follower("a", target);
    CompletableFuture<Void> running = start(job);
    await(() -> events.retries.size() > 1);
    assertThat(events.lastRestoreLag().t()).isEqualTo(2);
    cloning.repairBackup("a", source);
    await(() -> events.lastRestoreLag().equals(Lag.NONE));
    job.close();
    running.join();
    LogComparison.assertEqual(source, target);
  }

  /** Of the source one; of the store none, or one, by who follows it. */
  @Test
  void idlePollsCostLittle() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.note(source);
    AtomicInteger basisCount = new AtomicInteger();
    CountingConnection watched =
        new CountingConnection(source) {
          @Override
          public long basisT() {
            basisCount.incrementAndGet();
            return super.basisT();
          }
        };
    BackupJob backup = new BackupJob(cloning, "a", watched, 10, QUICK);
    CompletableFuture<Void> running = start(backup);
    await(() -> events.backupLags.size() > 3);
    int requests = store.requestCount();
    int polls = events.backupLags.size();
    int readsBefore = watched.readCount() + watched.logReadCount();
    int basisBefore = basisCount.get();
    await(() -> events.backupLags.size() > polls + 5);
    assertThat(store.requestCount()).as("the store is not asked").isEqualTo(requests);
    backup.close();
    running.join();
    assertThat(basisCount.get() - basisBefore)
        .isLessThanOrEqualTo(events.backupLags.size() - polls + 1);
    assertThat(watched.readCount() + watched.logReadCount()).isEqualTo(readsBefore);
    assertThat(events.backupLags.get(polls)).isEqualTo(Lag.NONE);

    RestoreFollower restore = follower("a", system.newDatabase());
    CompletableFuture<Void> following = start(restore);
    await(() -> events.restoreLags.size() > 3);
    int pollsBefore = events.restoreLags.size();
    int before = store.requestCount();
    await(() -> events.restoreLags.size() > pollsBefore + 5);
    restore.close();
    following.join();
    int pollCount = events.restoreLags.size() - pollsBefore + 1;
    assertThat(store.requestCount() - before).isLessThanOrEqualTo(pollCount);
    assertThat(events.restoreLags.get(pollsBefore)).isEqualTo(Lag.NONE);
  }

  /**
   * The source grows with each segment. What is new after a segment that is not full waits for the
   * next poll, in an hour; so does the next sign of health.
   */
  @Test
  void aBackupThatKeepsUpMakesOneSegmentInAPoll() {
    DatomicConnection source = system.newDatabase();
    for (int i = 0; i < 35; i++) {
      SampleWorld.note(source);
    }
    CloningListener growing =
        new CloningListener() {
          @Override
          public void backedUp(String name, BackedUpSegment segment, Duration duration) {
            SampleWorld.note(source);
          }
        };
    Cloning growingCloning =
        Cloning.with(store).withListener(CloningListener.of(List.of(growing, events)));
    JobOptions hourly = QUICK.withPollInterval(Duration.ofHours(1));
    BackupJob job = new BackupJob(growingCloning, "growing", source, 10, hourly);
    CompletableFuture<Void> running = start(job);
    await(() -> events.backedUp.stream().anyMatch(each -> each.transactionCount() < 10));
    await(() -> events.backupHealthyCount.get() >= 2);
    job.close();
    running.join();
    int last = events.backedUp.size() - 1;
    assertThat(events.backedUp.subList(0, last))
        .hasSizeGreaterThan(2)
        .allMatch(each -> each.transactionCount() == 10);
    assertThat(events.backedUp.get(last).transactionCount()).isLessThan(10);
    assertThat(events.backupHealthyCount).hasValue(2); // at the first step, and at the last
  }

  /** Somebody who relies on a heartbeat is not told of the work alone. */
  @Test
  void anIdleBackupLooksAtTheStoreOnceAMinute() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.note(source);
    AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    BackupJob job = new BackupJob(cloning, "idle", source, 10, QUICK, nanos::get);
    CompletableFuture<Void> running = start(job);
    awaitPollsOfBackup(5);
    int requestCount = store.requestCount();
    int healthyCount = events.backupHealthyCount.get();
    for (int minute = 1; minute <= 3; minute++) {
      nanos.addAndGet(Duration.ofMinutes(1).toNanos());
      awaitPollsOfBackup(5);
      assertThat(store.requestCount() - requestCount).isEqualTo(minute);
      assertThat(events.backupHealthyCount).as("as often").hasValue(healthyCount + minute);
    }

    store.breakDown();
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    int before = events.retries.size();
    await(() -> events.retries.size() > before + 5);
    assertThat(events.backupHealthyCount).hasValue(healthyCount + 3);
    store.recover();
    await(() -> events.backupHealthyCount.get() == healthyCount + 4);
    job.close();
    running.join();
  }

  /** As after a lifecycle rule, or a mistake. */
  @Test
  void anIdleBackupStoresAgainWhatIsGone() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    AtomicLong nanos = new AtomicLong();
    EmptiedStore emptied = new EmptiedStore();
    BackupJob job =
        new BackupJob(
            Cloning.with(emptied).withListener(events), "gone", source, 10, QUICK, nanos::get);
    CompletableFuture<Void> running = start(job);
    await(() -> events.backupHealthyCount.get() > 0 && events.lastBackupLag().equals(Lag.NONE));
    awaitPollsOfBackup(3); // idle: a step in which the claim goes ends the job
    emptied.delegate = Stores.memory();
    Cloning anew = Cloning.with(emptied);
    await(
        () -> {
          nanos.addAndGet(Duration.ofMinutes(1).toNanos());
          return anew.storedThrough("gone")
              .map(point -> point.t() == source.basisT())
              .orElse(false);
        });
    assertThat(anew.backupGaps("gone")).isEmpty();
    job.close();
    running.join();
  }

  /** The admission of the first step makes four listings; the fifth finds the store emptied. */
  @Test
  void aBackupWhoseStoreIsEmptiedInTheMiddleOfAStepStoresAllAgain() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.fill(source);
    EmptiedStore emptied = new EmptiedStore();
    Cloning anew = Cloning.with(emptied);
    anew.backup("gone", source, BackupOptions.DEFAULTS);
    emptied.listCountBeforeEmptied.set(4);
    BackupJob job = new BackupJob(anew.withListener(events), "gone", source, 1_000, QUICK);
    CompletableFuture<Void> running = start(job);
    await(() -> !events.backedUp.isEmpty() && events.lastBackupLag().equals(Lag.NONE));
    job.close();
    running.join();
    assertThat(emptied.listCountBeforeEmptied.get()).as("it was emptied").isNegative();
    assertThat(anew.storedThrough("gone").orElseThrow().t()).isEqualTo(source.basisT());
    assertThat(anew.backupGaps("gone")).isEmpty();
  }

  private void awaitPollsOfBackup(int count) {
    int before = events.backupLags.size();
    await(() -> events.backupLags.size() > before + count);
  }

  /** An idle one asks for keys of one level at a time. */
  @Test
  void anIdleFollowerGetsSegmentsOfAnySpan() {
    DatomicConnection source = system.newDatabase();
    DatomicConnection target = system.newDatabase();
    SampleWorld.note(source);
    cloning.backup("a", source, BackupOptions.DEFAULTS);
    RestoreFollower job = follower("a", target);
    CompletableFuture<Void> running = start(job);
    for (int transactionCount : new int[] {1, 1_001, 2, 1_001, 3}) {
      awaitPolls(3);
      for (int i = 0; i < transactionCount; i++) {
        SampleWorld.note(source);
      }
      cloning.backup("a", source, BackupOptions.DEFAULTS);
      long t = cloning.storedThrough("a").orElseThrow().t();
      await(() -> cloning.restoredThrough("a", target).orElseThrow().t() == t);
    }
    job.close();
    running.join();
    assertThat(cloning.segments("a").stream().map(each -> each.range().span() > 1_000).distinct())
        .as("spans of both kinds")
        .hasSize(2);
    LogComparison.assertEqual(source, target);
  }

  /** It is not idle then: what it waits for may come in at any level of keys. */
  @Test
  void aFollowerThatKnowsOfMoreLooksAtEachPoll() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.note(source);
    cloning.backup("a", source, BackupOptions.DEFAULTS);
    RestoreFollower job = follower("a", system.newDatabase()).behind(source);
    CompletableFuture<Void> running = start(job);
    await(() -> Lag.NONE.equals(events.lastRestoreLag()));
    SampleWorld.note(source);
    await(() -> events.lastRestoreLag().t() == 1);
    int requestCount = store.requestCount();
    awaitPolls(5);
    assertThat(store.requestCount() - requestCount).isGreaterThanOrEqualTo(3 * 5);
    job.close();
    running.join();
  }

  private void awaitPolls(int count) {
    int before = events.restoreLags.size();
    await(() -> events.restoreLags.size() > before + count);
  }

  /** It cannot know then what it misses, and does not say that this is nothing. */
  @Test
  void aFollowerTellsNoLagWhileItsStoreIsOutOfReach() {
    DatomicConnection source = system.newDatabase();
    cloning.backup("a", source, BackupOptions.DEFAULTS);
    RestoreFollower job = follower("a", system.newDatabase());
    CompletableFuture<Void> running = start(job);
    await(() -> events.restoreLags.size() > 3); // the last of them had nothing new
    store.breakDown();
    int before = events.retries.size();
    await(() -> events.retries.size() > before + 1);
    int told = events.restoreLags.size();
    await(() -> events.retries.size() > before + 5);
    assertThat(events.restoreLags).hasSize(told);
    job.close();
    running.join();
  }

  @Test
  void aFollowerToAPointStaysBehindWhatIsStored() {
    DatomicConnection source = system.newDatabase();
    SampleWorld.note(source);
    long until = source.basisT();
    SampleWorld.note(source);
    SampleWorld.note(source);
    cloning.backup("a", source, BackupOptions.DEFAULTS);
    RestoreFollower job =
        new RestoreFollower(
            cloning, "a", system.newDatabase(), RestoreOptions.DEFAULTS.until(until), QUICK);
    CompletableFuture<Void> running = start(job);
    await(() -> events.restoreLags.size() > 5);
    job.close();
    running.join();
    assertThat(events.lastRestoreLag().t()).isEqualTo(2);
  }

  @Test
  void aJobRunsOnceAndMayBeClosedBefore() {
    BackupJob job = new BackupJob(cloning, "a", system.newDatabase(), 10, QUICK);
    job.close();
    job.run();
    assertThat(events.backedUp).isEmpty();
    assertThatThrownBy(job::run).isInstanceOf(IllegalStateException.class);
  }

  private RestoreFollower follower(String name, DatomicConnection target) {
    return new RestoreFollower(cloning, name, target, RestoreOptions.DEFAULTS, QUICK);
  }

  private static CompletableFuture<Void> start(Job job) {
    return CompletableFuture.runAsync(job, work -> new Thread(work, "job under test").start());
  }

  /** A minute is no expectation of speed: only what never happens takes so long. */
  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it never happens").isLessThan(end);
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
    }
  }

  /** A source whose system is busy when it likes. */
  private static final class Moody extends ForwardingConnection {
    private volatile boolean isBusy;

    Moody(DatomicConnection real) {
      super(real);
    }

    @Override
    public long basisT() {
      if (isBusy) {
        throw new AnomalyException("read the basis t", Anomaly.BUSY, null, null);
      }
      return super.basisT();
    }
  }

  /** Throws whatever it is told. */
  private static final class Defective implements CloningListener {
    @Override
    public void backedUp(String name, BackedUpSegment segment, Duration duration) {
      throw new IllegalStateException("a listener's defect");
    }

    @Override
    public void restoreLag(String name, Lag lag) {
      Defective.<RuntimeException>throwUndeclared(new IOException("a listener's defect"));
    }

    /** As Clojure throws a checked exception. */
    @SuppressWarnings("unchecked")
    private static <E extends Exception> void throwUndeclared(Exception defect) throws E {
      throw (E) defect;
    }
  }

  /** Its content can be exchanged. */
  private static final class EmptiedStore implements BackupStore {
    private final AtomicInteger listCountBeforeEmptied = new AtomicInteger(Integer.MAX_VALUE);
    private volatile BackupStore delegate = Stores.memory();

    @Override
    public boolean create(String key, byte[] content) {
      return delegate.create(key, content);
    }

    @Override
    public Optional<byte[]> read(String key, int sizeMax) {
      return delegate.read(key, sizeMax);
    }

    @Override
    public Stream<StoredObject> list(String prefix, String startAfter) {
      if (listCountBeforeEmptied.getAndDecrement() == 0) {
        delegate = Stores.memory();
      }
      return delegate.list(prefix, startAfter);
    }

    @Override
    public String location() {
      return delegate.location();
    }
  }

  private static final class Events implements CloningListener {
    private final List<BackedUpSegment> backedUp = new CopyOnWriteArrayList<>();
    private final List<RestoredSegment> restored = new CopyOnWriteArrayList<>();
    private final List<Lag> backupLags = new CopyOnWriteArrayList<>();
    private final List<Lag> restoreLags = new CopyOnWriteArrayList<>();
    private final List<BackupException> retries = new CopyOnWriteArrayList<>();
    private final AtomicInteger backupHealthyCount = new AtomicInteger();

    @Override
    public void backupHealthy(String name) {
      backupHealthyCount.incrementAndGet();
    }

    @Override
    public void backedUp(String name, BackedUpSegment segment, Duration duration) {
      backedUp.add(segment);
    }

    @Override
    public void restored(String name, RestoredSegment segment, Duration duration) {
      restored.add(segment);
    }

    @Override
    public void backupLag(String name, Lag lag) {
      backupLags.add(lag);
    }

    @Override
    public void restoreLag(String name, Lag lag) {
      restoreLags.add(lag);
    }

    @Override
    public void retrying(String name, BackupException failure, int failureCount, Duration pause) {
      retries.add(failure);
    }

    Lag lastBackupLag() {
      return last(backupLags);
    }

    Lag lastRestoreLag() {
      return last(restoreLags);
    }

    boolean lastReachedBy(long t) {
      return !restored.isEmpty() && restored.get(restored.size() - 1).range().endT() > t;
    }

    private static Lag last(List<Lag> lags) {
      return lags.isEmpty() ? new Lag(Long.MAX_VALUE, Duration.ZERO) : lags.get(lags.size() - 1);
    }
  }
}
