package com.fulcrologic.datomiccloudbackup.violations.internal.log;

public final class StrayException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
