package com.fulcrologic.datomiccloudbackup.violations.internal.upkeep;

import com.fulcrologic.datomiccloudbackup.violations.internal.restore.RestoreUsesStore;

final class UpkeepUsesRestore {
  final Class<?> used = RestoreUsesStore.class;
}
