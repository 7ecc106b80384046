package com.fulcrologic.datomiccloudbackup.violations.internal.check;

import com.fulcrologic.datomiccloudbackup.violations.internal.restore.RestoreUsesStore;

final class CheckUsesRestore {
  final Class<?> used = RestoreUsesStore.class;
}
