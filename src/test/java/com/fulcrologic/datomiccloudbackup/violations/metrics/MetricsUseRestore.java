package com.fulcrologic.datomiccloudbackup.violations.metrics;

import com.fulcrologic.datomiccloudbackup.violations.internal.restore.RestoreUsesStore;

final class MetricsUseRestore {
  final Class<?> used = RestoreUsesStore.class;
}
