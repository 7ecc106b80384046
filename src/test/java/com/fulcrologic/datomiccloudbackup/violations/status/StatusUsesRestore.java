package com.fulcrologic.datomiccloudbackup.violations.status;

import com.fulcrologic.datomiccloudbackup.violations.restore.RestoreUsesStore;

final class StatusUsesRestore {
  final Class<?> used = RestoreUsesStore.class;
}
