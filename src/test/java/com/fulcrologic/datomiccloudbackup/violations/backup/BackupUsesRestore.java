package com.fulcrologic.datomiccloudbackup.violations.backup;

import com.fulcrologic.datomiccloudbackup.violations.restore.RestoreUsesStore;

final class BackupUsesRestore {
  final Class<?> used = RestoreUsesStore.class;
}
