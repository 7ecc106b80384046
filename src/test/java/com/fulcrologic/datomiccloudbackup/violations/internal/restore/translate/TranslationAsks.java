package com.fulcrologic.datomiccloudbackup.violations.internal.restore.translate;

import com.fulcrologic.datomiccloudbackup.violations.datomic.DatomicConnection;

final class TranslationAsks {
  final Class<?> used = DatomicConnection.class;
}
