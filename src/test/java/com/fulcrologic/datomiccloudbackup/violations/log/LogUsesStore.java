package com.fulcrologic.datomiccloudbackup.violations.log;

import com.fulcrologic.datomiccloudbackup.violations.store.StoreUsesCloning;

public final class LogUsesStore {
  final Class<?> used = StoreUsesCloning.class;
}
