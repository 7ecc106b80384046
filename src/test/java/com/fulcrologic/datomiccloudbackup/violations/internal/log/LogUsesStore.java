package com.fulcrologic.datomiccloudbackup.violations.internal.log;

import com.fulcrologic.datomiccloudbackup.violations.store.StoreUsesCloning;

public final class LogUsesStore {
  final Class<?> used = StoreUsesCloning.class;
}
