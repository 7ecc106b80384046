package com.fulcrologic.datomiccloudbackup.violations.internal.log;

import com.google.crypto.tink.KeysetHandle;

final class UsesTink {
  final Class<?> used = KeysetHandle.class;
}
