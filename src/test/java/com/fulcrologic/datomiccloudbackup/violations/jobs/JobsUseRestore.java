package com.fulcrologic.datomiccloudbackup.violations.jobs;

import com.fulcrologic.datomiccloudbackup.violations.internal.restore.RestoreUsesStore;

final class JobsUseRestore {
  final Class<?> used = RestoreUsesStore.class;
}
