package com.fulcrologic.datomiccloudbackup.violations.internal.log;

final class SpeaksToTheProcess {
  void print() {
    System.err.println();
  }

  void printTrace(Exception thrown) {
    thrown.printStackTrace();
  }

  void exit() {
    System.exit(0);
  }
}
