package com.fulcrologic.datomiccloudbackup.violations.metrics;

import com.fulcrologic.datomiccloudbackup.violations.restore.RestoreUsesStore;

final class MetricsUseRestore {
  final Class<?> used = RestoreUsesStore.class;
}
