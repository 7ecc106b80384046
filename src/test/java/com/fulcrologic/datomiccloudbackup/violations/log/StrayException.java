package com.fulcrologic.datomiccloudbackup.violations.log;

public final class StrayException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
