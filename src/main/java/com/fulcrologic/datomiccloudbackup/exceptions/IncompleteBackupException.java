package com.fulcrologic.datomiccloudbackup.exceptions;

import com.fulcrologic.datomiccloudbackup.BackupException;
import org.jspecify.annotations.Nullable;

/**
 * A backup stopped early because one segment kept failing, or a database is behind what is known to
 * be in it. The stored segments stay, and the next run continues.
 */
public final class IncompleteBackupException extends BackupException {
  private static final long serialVersionUID = 1L;

  public IncompleteBackupException(String message, String hint) {
    super(message, hint);
  }

  public IncompleteBackupException(String message, String hint, @Nullable Throwable cause) {
    super(message, hint, cause);
  }
}
