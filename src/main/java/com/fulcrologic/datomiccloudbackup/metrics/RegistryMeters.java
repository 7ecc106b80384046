package com.fulcrologic.datomiccloudbackup.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The meters of one registry, by backup, of so many backups at most. Thread-safe. */
final class RegistryMeters {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryMeters.class);

  private final MeterRegistry registry;
  private final int backupCountMax;
  private final Map<String, BackupMeters> byBackup = new HashMap<>();
  private boolean isFull;

  RegistryMeters(MeterRegistry registry, int backupCountMax) {
    this.registry = registry;
    this.backupCountMax = backupCountMax;
  }

  boolean isOf(MeterRegistry other) {
    return registry == other;
  }

  /** Empty for a backup that is one too many. */
  synchronized Optional<BackupMeters> of(String backupName) {
    BackupMeters known = byBackup.get(backupName);
    if (known != null) {
      return Optional.of(known);
    }
    if (byBackup.size() == backupCountMax) {
      if (!isFull) {
        isFull = true;
        LOG.warn("no meters for further backups backups={}", backupCountMax);
      }
      return Optional.empty();
    }
    BackupMeters added = new BackupMeters(registry, backupName);
    byBackup.put(backupName, added);
    return Optional.of(added);
  }
}
