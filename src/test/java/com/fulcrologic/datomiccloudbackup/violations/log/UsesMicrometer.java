package com.fulcrologic.datomiccloudbackup.violations.log;

import io.micrometer.core.instrument.MeterRegistry;

final class UsesMicrometer {
  final Class<?> used = MeterRegistry.class;
}
