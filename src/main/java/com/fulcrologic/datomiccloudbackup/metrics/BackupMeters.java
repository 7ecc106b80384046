package com.fulcrologic.datomiccloudbackup.metrics;

import com.fulcrologic.datomiccloudbackup.Lag;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The meters of one backup, in one registry, each made with its first event. Thread-safe. */
final class BackupMeters {
  private final MeterRegistry registry;
  private final Tags tags;
  final Copy backup = new Copy("datomic.backup", "datomic.backup.stored.t"); // into the store
  final Copy restore = new Copy("datomic.restore", "datomic.restore.restored.t"); // into a target
  private @Nullable Instant proved;

  BackupMeters(MeterRegistry registry, String name) {
    this.registry = registry;
    this.tags = Tags.of("backup", name);
  }

  void stored(long size) {
    count(
        Counter.builder("datomic.backup.bytes").baseUnit("bytes"), "bytes that were stored", size);
  }

  void retried() {
    count(
        Counter.builder("datomic.backup.retries"),
        "faults that may pass, after each of which the work was tried again",
        1);
  }

  void proved(VerificationReport report) {
    if (!report.isEqual()) {
      count(
          Counter.builder("datomic.backup.proofs.failed"),
          "verifications that found a difference",
          1);
      return;
    }
    boolean isFirst;
    synchronized (this) {
      isFirst = proved == null;
      proved = report.begun().plus(report.duration());
    }
    if (isFirst) {
      seconds(
          "datomic.backup.proof",
          "when a verification last found no difference, in seconds since 1970",
          this::provedSeconds);
    }
  }

  private synchronized double provedSeconds() {
    return proved == null ? Double.NaN : proved.toEpochMilli() / 1000.0;
  }

  private void count(Counter.Builder counter, String description, long count) {
    counter.description(description).tags(tags).register(registry).increment((double) count);
  }

  private void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).tags(tags).register(registry);
  }

  private void seconds(String name, String description, Supplier<Number> seconds) {
    TimeGauge.builder(name, seconds, TimeUnit.SECONDS)
        .description(description)
        .tags(tags)
        .register(registry);
  }

  /** The meters of one direction. */
  final class Copy {
    private final String prefix;
    private final String reachedName;
    private @Nullable Lag lag;
    private Instant lagInstant = Instant.EPOCH;
    private long reachedT = -1;

    private Copy(String prefix, String reachedName) {
      this.prefix = prefix;
      this.reachedName = reachedName;
    }

    void copied(TxRange range, long transactionCount, long datomCount, Duration duration) {
      reached(range.endT() - 1);
      Timer.builder(prefix + ".segment")
          .description("how long each segment took")
          .tags(tags)
          .register(registry)
          .record(duration);
      count("transactions", transactionCount);
      count("datoms", datomCount);
    }

    private void count(String things, long count) {
      BackupMeters.this.count(
          Counter.builder(prefix + "." + things), things + " that were copied", count);
    }

    /** Records a reached t. Parallel segments are reported in any order: the highest t counts. */
    void reached(long t) {
      boolean isFirst;
      synchronized (this) {
        isFirst = reachedT < 0;
        reachedT = Math.max(reachedT, t);
      }
      if (isFirst) {
        gauge(reachedName, "the farthest t, in the source's numbers", this::reachedT);
      }
    }

    void lag(Lag told) {
      boolean isFirst;
      synchronized (this) {
        isFirst = lag == null;
        lag = told;
        lagInstant = Instant.now();
      }
      if (isFirst) {
        seconds(prefix + ".lag", "how far behind, in the source's time", this::lagSeconds);
        gauge(prefix + ".lag.t", "how many t are missing", this::lagT);
        seconds(
            prefix + ".lag.time",
            "when the lag was last known, in seconds since 1970",
            this::lagTime);
      }
    }

    private synchronized double reachedT() {
      return reachedT;
    }

    private synchronized double lagSeconds() {
      return lag == null ? Double.NaN : lag.time().toMillis() / 1000.0;
    }

    private synchronized double lagT() {
      return lag == null ? Double.NaN : lag.t();
    }

    private synchronized double lagTime() {
      return lagInstant.toEpochMilli() / 1000.0;
    }
  }
}
