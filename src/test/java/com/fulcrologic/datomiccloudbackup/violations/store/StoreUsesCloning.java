package com.fulcrologic.datomiccloudbackup.violations.store;

import com.fulcrologic.datomiccloudbackup.violations.Cloning;

public final class StoreUsesCloning {
  final Class<?> used = Cloning.class;
}
