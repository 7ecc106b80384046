package com.fulcrologic.datomiccloudbackup.violations.internal.log;

import picocli.CommandLine.Option;

final class UsesPicocli {
  @Option(names = "--used")
  boolean used;
}
