package com.fulcrologic.datomiccloudbackup.exceptions;

import com.fulcrologic.datomiccloudbackup.BackupException;
import org.jspecify.annotations.Nullable;

/**
 * The target cannot take this restore: not empty, written by others, ahead of the backup, begun
 * from another backup or with other filters, or its base schema is too old.
 */
public final class TargetNotRestorableException extends BackupException {
  private static final long serialVersionUID = 1L;

  public TargetNotRestorableException(String message, String hint) {
    super(message, hint);
  }

  public TargetNotRestorableException(String message, String hint, @Nullable Throwable cause) {
    super(message, hint, cause);
  }
}
