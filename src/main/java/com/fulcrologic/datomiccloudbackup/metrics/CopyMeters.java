package com.fulcrologic.datomiccloudbackup.metrics;

import com.fulcrologic.datomiccloudbackup.Lag;
import com.fulcrologic.datomiccloudbackup.TxRange;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The meters of one copy, a store's or a target's. Thread-safe. */
final class CopyMeters {
  private final MeterRegistry registry;
  private final Tags tags;
  private final String prefix;
  private final String reachedName;
  private @Nullable Lag lag;
  private Instant lagInstant = Instant.EPOCH;
  private long reachedT = -1;

  /**
   * @param prefix the beginning of the meters' names
   * @param reaching the participle in the name of the meter for the reached t
   */
  CopyMeters(MeterRegistry registry, Tags tags, String prefix, String reaching) {
    this.registry = registry;
    this.tags = tags;
    this.prefix = prefix;
    this.reachedName = prefix + "." + reaching + ".t";
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

  /** Records a reached t. Parallel segments are reported in any order: the highest t counts. */
  void reached(long t) {
    boolean isFirst;
    synchronized (this) {
      isFirst = reachedT < 0;
      reachedT = Math.max(reachedT, t);
    }
    if (isFirst) {
      gauge(reachedName, "the farthest t, in the source's numbers", CopyMeters::reachedT);
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
      timeGauge("lag", "how far behind, in the source's time", CopyMeters::lagSeconds);
      gauge(prefix + ".lag.t", "how many t are missing", CopyMeters::lagT);
      timeGauge(
          "lag.time", "when the lag was last known, in seconds since 1970", CopyMeters::lagTime);
    }
  }

  private void count(String things, long count) {
    Counter.builder(prefix + "." + things)
        .description(things + " that were copied")
        .tags(tags)
        .register(registry)
        .increment((double) count);
  }

  private void gauge(String name, String description, ToDoubleFunction<CopyMeters> value) {
    Gauge.builder(name, this, value)
        .description(description)
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  private void timeGauge(String name, String description, ToDoubleFunction<CopyMeters> seconds) {
    TimeGauge.builder(prefix + "." + name, this, TimeUnit.SECONDS, seconds)
        .description(description)
        .tags(tags)
        .strongReference(true)
        .register(registry);
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
