package com.fulcrologic.datomiccloudbackup.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.BackupSummary;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.Lag;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.Anomaly;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.internal.log.TransactionDates;
import com.fulcrologic.datomiccloudbackup.jobs.BackupJob;
import com.fulcrologic.datomiccloudbackup.jobs.Job;
import com.fulcrologic.datomiccloudbackup.jobs.JobOptions;
import com.fulcrologic.datomiccloudbackup.jobs.RestoreFollower;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.DisturbedStore;
import com.fulcrologic.datomiccloudbackup.testing.ForwardingConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the meters say is what the outcomes said. */
class CloningMetricsTest {
  private static final BackupOptions OPTIONS =
      BackupOptions.DEFAULTS
          .withTransactionCountMax(10)
          .withRetryPolicy(new RetryPolicy(3, Duration.ZERO, Duration.ZERO));
  private static final JobOptions QUICK =
      JobOptions.DEFAULTS
          .withPollInterval(Duration.ofMillis(10))
          .withBackoff(
              new RetryPolicy(Integer.MAX_VALUE, Duration.ofMillis(1), Duration.ofMillis(20)));

  private static LocalSystem system;
  private static DatomicConnection source;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final CloningMetrics metrics = new CloningMetrics();
  private final DisturbedStore store = new DisturbedStore(new MemoryBackupStore());
  private final Cloning cloning = Cloning.with(store).withListener(metrics);

  @BeforeAll
  static void makeSource() {
    system = LocalSystem.inMemory();
    source = system.newDatabase();
    SampleWorld.fill(source);
  }

  @BeforeEach
  void bind() {
    metrics.bindTo(registry);
  }

  @Test
  void aBackupIsMeteredAsItsOutcomesSay() {
    BackupSummary summary = cloning.backup("orders", source, OPTIONS);
    assertThat(timer("datomic.backup.segment").count())
        .isEqualTo(summary.segments().size())
        .isGreaterThan(2);
    assertThat(timer("datomic.backup.segment").totalTime(TimeUnit.NANOSECONDS)).isPositive();
    assertThat(count("datomic.backup.transactions")).isEqualTo(summary.transactionCount());
    assertThat(count("datomic.backup.datoms")).isEqualTo(summary.datomCount());
    assertThat(count("datomic.backup.bytes")).isEqualTo(summary.size());
    assertThat(gauge("datomic.backup.stored.t")).isEqualTo(summary.basisT());

    TxRange stored = summary.segments().get(0).range();
    assertThat(cloning.backupSegment("orders", source, stored)).contains(stored);
    assertThat(count("datomic.backup.transactions"))
        .as("what is stored already is not stored again")
        .isEqualTo(summary.transactionCount());
    SampleWorld.grow(source, 1);
    BackedUpSegment next = (BackedUpSegment) cloning.backupNextSegment("orders", source, 10_000);
    assertThat(count("datomic.backup.transactions"))
        .isEqualTo(summary.transactionCount() + next.transactionCount());
    assertThat(gauge("datomic.backup.stored.t")).isEqualTo(source.basisT());
  }

  @Test
  void aRestoreAndItsProofAreMetered() {
    cloning.backup("orders", source, OPTIONS);
    DatomicConnection target = system.newDatabase();
    List<RestoredSegment> restored = new ArrayList<>();
    while (cloning.restoreSegment("orders", target, RestoreOptions.DEFAULTS)
        instanceof RestoredSegment segment) {
      restored.add(segment);
    }
    assertThat(timer("datomic.restore.segment").count()).isEqualTo(restored.size());
    assertThat(timer("datomic.restore.segment").totalTime(TimeUnit.NANOSECONDS)).isPositive();
    assertThat(count("datomic.restore.transactions"))
        .isEqualTo(restored.stream().mapToLong(RestoredSegment::transactionCount).sum());
    assertThat(count("datomic.restore.datoms"))
        .isEqualTo(restored.stream().mapToLong(RestoredSegment::datomCount).sum());
    assertThat(gauge("datomic.restore.restored.t")).isEqualTo(source.basisT());

    VerificationReport proof = cloning.verify("orders", target, VerifyOptions.DEFAULTS);
    assertThat(proof.isEqual()).isTrue();
    Instant proved = proof.begun().plus(proof.duration());
    assertThat(seconds("datomic.backup.proof")).isEqualTo(proved.toEpochMilli() / 1000.0);
    assertThat(registry.find("datomic.backup.proofs.failed").meter()).isNull();

    SampleWorld.note(target); // nobody's but ours to write to
    assertThat(cloning.verify("orders", target, VerifyOptions.DEFAULTS).isEqual()).isFalse();
    assertThat(count("datomic.backup.proofs.failed")).isEqualTo(1);
    assertThat(seconds("datomic.backup.proof"))
        .as("of the last that found no difference")
        .isEqualTo(proved.toEpochMilli() / 1000.0);
  }

  @Test
  void jobsTellLagAndRetries() {
    DatomicConnection growing = system.newDatabase();
    SampleWorld.fill(growing);
    cloning.backup("orders", growing, OPTIONS);
    registry.clear();
    DatomicConnection target = system.newDatabase();
    CloningMetrics fresh = new CloningMetrics();
    fresh.bindTo(registry);
    Cloning listening = Cloning.with(store).withListener(fresh);
    BackupJob backup = new BackupJob(listening, "orders", growing, 10, QUICK);
    CompletableFuture<Void> backingUp = start(backup);
    for (String each : List.of("lag", "lag.t", "lag.time")) { // one after another
      await(() -> registry.find("datomic.backup." + each).meter() != null);
    }
    assertThat(gauge("datomic.backup.lag.t")).isZero();
    assertThat(seconds("datomic.backup.lag")).isZero();
    assertThat(gauge("datomic.backup.stored.t"))
        .as("known, although nothing was new")
        .isEqualTo(growing.basisT());
    assertThat(registry.find("datomic.backup.segment").meter()).isNull();
    RestoreFollower follower =
        new RestoreFollower(listening, "orders", target, RestoreOptions.DEFAULTS, QUICK)
            .behind(growing);
    CompletableFuture<Void> following = start(follower);
    await(() -> isZero("datomic.restore.lag.t"));

    store.breakDown();
    long storedT = growing.basisT();
    SampleWorld.note(growing);
    SampleWorld.note(growing);
    await(() -> isTwo("datomic.backup.lag.t") && isTwo("datomic.restore.lag.t"));
    assertThat(seconds("datomic.backup.lag"))
        .isEqualTo(
            Lag.between(point(growing, growing.basisT()), Optional.of(point(growing, storedT)))
                    .time()
                    .toMillis()
                / 1000.0)
        .isPositive();
    await(() -> registry.find("datomic.backup.retries").meter() != null);
    assertThat(count("datomic.backup.retries")).isPositive();
    assertThat(gauge("datomic.backup.stored.t")).isEqualTo(storedT);
    store.recover();
    await(() -> isZero("datomic.backup.lag.t") && isZero("datomic.restore.lag.t"));
    assertThat(gauge("datomic.backup.stored.t")).isEqualTo(growing.basisT());
    assertThat(gauge("datomic.restore.restored.t")).isEqualTo(growing.basisT());
    double told = seconds("datomic.backup.lag.time");
    await(() -> seconds("datomic.backup.lag.time") > told);
    backup.close();
    follower.close();
    backingUp.join();
    following.join();
  }

  /** A first backup takes hours: it must not be metered at its end alone, nor its retries not. */
  @Test
  void aBackupThatFailsIsMeteredAsFarAsItCame() {
    AtomicInteger failures = new AtomicInteger();
    DatomicConnection broken =
        new ForwardingConnection(source) {
          @Override
          public Stream<Transaction> txRange(TxRange range) {
            if (range.startT() == 20 && range.span() == 10) {
              failures.incrementAndGet();
              throw new AnomalyException("read", Anomaly.UNAVAILABLE, null, null);
            }
            return super.txRange(range);
          }
        };
    assertThatThrownBy(() -> cloning.backup("orders", broken, OPTIONS.withParallelism(1)))
        .isInstanceOf(IncompleteBackupException.class);
    assertThat(failures).hasValue(3);
    assertThat(count("datomic.backup.retries")).isEqualTo(2);
    assertThat(count("datomic.backup.transactions")).isEqualTo(20);
    assertThat(gauge("datomic.backup.stored.t")).isEqualTo(19);
  }

  @Test
  void theOnlyTagIsTheBackupAndThereIsAnEndToThem() {
    SimpleMeterRegistry other = new SimpleMeterRegistry();
    metrics.bindTo(other);
    metrics.bindTo(other);
    for (int i = 0; i < CloningMetrics.BACKUP_COUNT_MAX + 10; i++) {
      metrics.backupLag("backup-" + i, Lag.NONE);
    }
    cloning.backup("one too many", source, OPTIONS);
    for (SimpleMeterRegistry each : List.of(registry, other)) {
      assertThat(each.getMeters().stream().map(Meter::getId))
          .hasSize(3 * CloningMetrics.BACKUP_COUNT_MAX)
          .allSatisfy(
              id -> {
                assertThat(id.getTags()).extracting(Tag::getKey).containsExactly("backup");
                assertThat(id.getDescription()).isNotBlank();
              });
    }
    metrics.retrying("backup-7", new IncompleteBackupException("a", "b", null), 1, Duration.ZERO);
    assertThat(other.get("datomic.backup.retries").counter().count())
        .as("bound twice, told once")
        .isEqualTo(1);
  }

  @Test
  void theManualListsEveryMeter() throws IOException {
    cloning.backup("orders", source, OPTIONS);
    DatomicConnection target = system.newDatabase();
    while (cloning.restoreSegment("orders", target, RestoreOptions.DEFAULTS)
        instanceof RestoredSegment) {}
    cloning.verify("orders", target, VerifyOptions.DEFAULTS);
    SampleWorld.note(target);
    cloning.verify("orders", target, VerifyOptions.DEFAULTS);
    metrics.backupLag("orders", Lag.NONE);
    metrics.restoreLag("orders", Lag.NONE);
    metrics.retrying("orders", new IncompleteBackupException("a", "b", null), 1, Duration.ZERO);
    Set<String> listed =
        Pattern.compile("^\\| `(datomic\\.[a-z.]+)`", Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("docs/metrics.adoc")))
            .results()
            .map((MatchResult row) -> row.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(listed)
        .containsExactlyInAnyOrderElementsOf(
            registry.getMeters().stream().map(meter -> meter.getId().getName()).toList());
  }

  private static SourcePoint point(DatomicConnection database, long t) {
    return new SourcePoint(t, TransactionDates.of(database, Transaction.entityId(t)));
  }

  private static CompletableFuture<Void> start(Job job) {
    return CompletableFuture.runAsync(job, work -> new Thread(work, "job under test").start());
  }

  private boolean isZero(String name) {
    return registry.find(name).gauge() != null && gauge(name) == 0;
  }

  private boolean isTwo(String name) {
    return registry.find(name).gauge() != null && gauge(name) == 2;
  }

  private long gauge(String name) {
    return Math.round(seconds(name));
  }

  private double seconds(String name) {
    return registry.get(name).tag("backup", "orders").gauge().value();
  }

  private long count(String name) {
    return Math.round(registry.get(name).tag("backup", "orders").counter().count());
  }

  private Timer timer(String name) {
    return registry.get(name).tag("backup", "orders").timer();
  }

  /** A minute is no expectation of speed: only what never happens takes so long. */
  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it never happens").isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }
}
