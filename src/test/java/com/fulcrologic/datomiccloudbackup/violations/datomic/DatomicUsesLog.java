package com.fulcrologic.datomiccloudbackup.violations.datomic;

import com.fulcrologic.datomiccloudbackup.violations.log.LogUsesStore;

final class DatomicUsesLog {
  final Class<?> used = LogUsesStore.class;
}
