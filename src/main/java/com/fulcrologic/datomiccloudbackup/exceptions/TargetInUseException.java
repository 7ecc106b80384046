package com.fulcrologic.datomiccloudbackup.exceptions;

import com.fulcrologic.datomiccloudbackup.BackupException;
import org.jspecify.annotations.Nullable;

/**
 * Another restore is writing to the same target; this one stopped. Every transaction was applied
 * once.
 */
public final class TargetInUseException extends BackupException {
  private static final long serialVersionUID = 1L;

  public TargetInUseException(String message, String hint) {
    super(message, hint);
  }

  public TargetInUseException(String message, String hint, @Nullable Throwable cause) {
    super(message, hint, cause);
  }
}
