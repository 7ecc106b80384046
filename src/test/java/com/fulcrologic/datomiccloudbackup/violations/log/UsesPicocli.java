package com.fulcrologic.datomiccloudbackup.violations.log;

import picocli.CommandLine.Option;

final class UsesPicocli {
  @Option(names = "--used")
  boolean used;
}
