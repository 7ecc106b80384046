package com.fulcrologic.datomiccloudbackup.metrics;

import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The meters of one backup, in one registry, each made with its first event. Thread-safe. */
final class BackupMeters {
  private final MeterRegistry registry;
  private final Tags tags;
  final CopyMeters backup; // into the store
  final CopyMeters restore; // into a target
  private @Nullable Instant proved;

  BackupMeters(MeterRegistry registry, String name) {
    this.registry = registry;
    this.tags = Tags.of("backup", name);
    this.backup = new CopyMeters(registry, tags, "datomic.backup", "stored");
    this.restore = new CopyMeters(registry, tags, "datomic.restore", "restored");
  }

  void stored(long size) {
    Counter.builder("datomic.backup.bytes")
        .description("bytes that were stored")
        .baseUnit("bytes")
        .tags(tags)
        .register(registry)
        .increment((double) size);
  }

  void retried() {
    count(
        "datomic.backup.retries",
        "faults that may pass, after each of which the work was tried again");
  }

  private void count(String name, String description) {
    Counter.builder(name).description(description).tags(tags).register(registry).increment();
  }

  void proved(VerificationReport report) {
    if (!report.isEqual()) {
      count("datomic.backup.proofs.failed", "verifications that found a difference");
      return;
    }
    boolean isFirst;
    synchronized (this) {
      isFirst = proved == null;
      proved = report.begun().plus(report.duration());
    }
    if (isFirst) {
      TimeGauge.builder("datomic.backup.proof", this, TimeUnit.SECONDS, BackupMeters::provedSeconds)
          .description("when a verification last found no difference, in seconds since 1970")
          .tags(tags)
          .strongReference(true)
          .register(registry);
    }
  }

  private synchronized double provedSeconds() {
    return proved == null ? Double.NaN : proved.toEpochMilli() / 1000.0;
  }
}
