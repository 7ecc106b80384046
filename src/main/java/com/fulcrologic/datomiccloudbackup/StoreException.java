package com.fulcrologic.datomiccloudbackup;

import org.jspecify.annotations.Nullable;

/**
 * The store failed for a reason of its own: disk full, an I/O error, a lost connection after
 * bounded retries. Nothing that was published is lost.
 */
public final class StoreException extends BackupException {
  private static final long serialVersionUID = 1L;

  public StoreException(String message, String hint) {
    super(message, hint);
  }

  public StoreException(String message, String hint, @Nullable Throwable cause) {
    super(message, hint, cause);
  }
}
