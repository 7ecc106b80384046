package com.fulcrologic.datomiccloudbackup.violations.internal.log;

import io.micrometer.core.instrument.MeterRegistry;

final class UsesMicrometer {
  final Class<?> used = MeterRegistry.class;
}
