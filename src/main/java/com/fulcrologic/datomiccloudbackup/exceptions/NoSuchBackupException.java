package com.fulcrologic.datomiccloudbackup.exceptions;

import com.fulcrologic.datomiccloudbackup.BackupException;
import org.jspecify.annotations.Nullable;

/** The store holds no backup of that name. */
public final class NoSuchBackupException extends BackupException {
  private static final long serialVersionUID = 1L;

  public NoSuchBackupException(String message, String hint) {
    super(message, hint);
  }

  public NoSuchBackupException(String message, String hint, @Nullable Throwable cause) {
    super(message, hint, cause);
  }
}
