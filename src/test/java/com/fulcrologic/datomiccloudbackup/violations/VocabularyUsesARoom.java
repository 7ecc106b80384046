package com.fulcrologic.datomiccloudbackup.violations;

import com.fulcrologic.datomiccloudbackup.violations.internal.log.LogUsesStore;

final class VocabularyUsesARoom {
  final Class<?> used = LogUsesStore.class;
}
