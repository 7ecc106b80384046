package com.fulcrologic.datomiccloudbackup.exceptions;

import com.fulcrologic.datomiccloudbackup.BackupException;
import org.jspecify.annotations.Nullable;

/** The system holds no database of that name. */
public final class NoSuchDatabaseException extends BackupException {
  private static final long serialVersionUID = 1L;

  public NoSuchDatabaseException(String message, String hint) {
    super(message, hint);
  }

  public NoSuchDatabaseException(String message, String hint, @Nullable Throwable cause) {
    super(message, hint, cause);
  }
}
