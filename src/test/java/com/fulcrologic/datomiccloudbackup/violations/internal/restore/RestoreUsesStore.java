package com.fulcrologic.datomiccloudbackup.violations.internal.restore;

import com.fulcrologic.datomiccloudbackup.violations.store.StoreUsesCloning;

/** Breaks nothing. */
public final class RestoreUsesStore {
  final Class<?> used = StoreUsesCloning.class;
}
