package com.fulcrologic.datomiccloudbackup.violations.datomic;

import com.fulcrologic.datomiccloudbackup.violations.internal.log.LogUsesStore;

final class DatomicUsesLog {
  final Class<?> used = LogUsesStore.class;
}
