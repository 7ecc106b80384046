package com.fulcrologic.datomiccloudbackup.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The meters of one registry, by backup, for a limited number of backups. Thread-safe. */
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

  /** The meters of a backup; empty for a backup beyond the limit. */
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
