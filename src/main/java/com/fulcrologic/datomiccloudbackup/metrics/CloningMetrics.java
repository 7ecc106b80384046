package com.fulcrologic.datomiccloudbackup.metrics;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.Lag;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the events of backups in meters; {@code docs/metrics.adoc} lists them. The caller gives it
 * to {@code Cloning.withListener}, and binds it to a registry, before the work begins. Earlier
 * events are not counted. A meter appears with the first event that it records.
 *
 * <p>The only tag is {@code backup}, the backup's name in the store. A registry gets meters for
 * {@value #BACKUP_COUNT_MAX} backups, and none for further backups. Thread-safe.
 */
public final class CloningMetrics implements CloningListener, MeterBinder {
  /** The maximum number of backups with meters. */
  public static final int BACKUP_COUNT_MAX = 1000;

  private static final Logger LOG = LoggerFactory.getLogger(CloningMetrics.class);

  private final List<RegistryMeters> bound = new CopyOnWriteArrayList<>();

  /** Metrics that are bound to no registry yet. */
  public CloningMetrics() {}

  /** Records events in this registry, too, from now on. Binding a registry again has no effect. */
  @Override
  public synchronized void bindTo(MeterRegistry registry) {
    if (bound.stream().noneMatch(meters -> meters.registry == registry)) {
      bound.add(new RegistryMeters(registry));
    }
  }

  @Override
  public void backedUp(String name, BackedUpSegment segment, Duration duration) {
    record(
        name,
        meters -> {
          meters.backup.copied(
              segment.range(), segment.transactionCount(), segment.datomCount(), duration);
          meters.stored(segment.size());
        });
  }

  @Override
  public void restored(String name, RestoredSegment segment, Duration duration) {
    record(
        name,
        meters ->
            meters.restore.copied(
                segment.range(), segment.transactionCount(), segment.datomCount(), duration));
  }

  @Override
  public void backupReached(String name, SourcePoint point) {
    record(name, meters -> meters.backup.reached(point.t()));
  }

  @Override
  public void restoreReached(String name, SourcePoint point) {
    record(name, meters -> meters.restore.reached(point.t()));
  }

  @Override
  public void backupLag(String name, Lag lag) {
    record(name, meters -> meters.backup.lag(lag));
  }

  @Override
  public void restoreLag(String name, Lag lag) {
    record(name, meters -> meters.restore.lag(lag));
  }

  @Override
  public void retrying(String name, BackupException failure, int failureCount, Duration pause) {
    record(name, BackupMeters::retried);
  }

  @Override
  public void proved(String name, VerificationReport report) {
    record(name, meters -> meters.proved(report));
  }

  private void record(String name, Consumer<BackupMeters> event) {
    for (RegistryMeters registry : bound) {
      registry.of(name).ifPresent(event);
    }
  }

  /** The meters of one registry, by backup. */
  private static final class RegistryMeters {
    private final MeterRegistry registry;
    private final Map<String, BackupMeters> byBackup = new HashMap<>();
    private boolean isFull;

    private RegistryMeters(MeterRegistry registry) {
      this.registry = registry;
    }

    /** The meters of a backup; empty for a backup beyond the limit. */
    private synchronized Optional<BackupMeters> of(String backup) {
      if (byBackup.size() < BACKUP_COUNT_MAX || byBackup.containsKey(backup)) {
        return Optional.of(
            byBackup.computeIfAbsent(backup, name -> new BackupMeters(registry, name)));
      }
      if (!isFull) {
        isFull = true;
        LOG.warn("no meters for further backups backups={}", BACKUP_COUNT_MAX);
      }
      return Optional.empty();
    }
  }
}
