package com.fulcrologic.datomiccloudbackup.violations.restore;

import com.fulcrologic.datomiccloudbackup.violations.store.StoreUsesCloning;

/** Breaks nothing. */
public final class RestoreUsesStore {
  final Class<?> used = StoreUsesCloning.class;
}
