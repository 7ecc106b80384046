package com.fulcrologic.datomiccloudbackup.violations.internal.log;

import java.util.logging.Level;

final class UsesJavaUtilLogging {
  final Level used = Level.INFO;
}
