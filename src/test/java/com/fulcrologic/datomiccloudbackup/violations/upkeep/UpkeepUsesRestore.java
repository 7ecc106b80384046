package com.fulcrologic.datomiccloudbackup.violations.upkeep;

import com.fulcrologic.datomiccloudbackup.violations.restore.RestoreUsesStore;

final class UpkeepUsesRestore {
  final Class<?> used = RestoreUsesStore.class;
}
