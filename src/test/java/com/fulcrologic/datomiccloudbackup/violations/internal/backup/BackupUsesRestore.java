package com.fulcrologic.datomiccloudbackup.violations.internal.backup;

import com.fulcrologic.datomiccloudbackup.violations.internal.restore.RestoreUsesStore;

final class BackupUsesRestore {
  final Class<?> used = RestoreUsesStore.class;
}
