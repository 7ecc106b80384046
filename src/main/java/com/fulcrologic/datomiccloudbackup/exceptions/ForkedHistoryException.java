package com.fulcrologic.datomiccloudbackup.exceptions;

import com.fulcrologic.datomiccloudbackup.BackupException;
import org.jspecify.annotations.Nullable;

/**
 * The source's past differs from what is stored: it was reset, or restored to another history under
 * the same identity. Nothing was written.
 */
public final class ForkedHistoryException extends BackupException {
  private static final long serialVersionUID = 1L;

  public ForkedHistoryException(String message, String hint) {
    super(message, hint);
  }

  public ForkedHistoryException(String message, String hint, @Nullable Throwable cause) {
    super(message, hint, cause);
  }
}
