package com.fulcrologic.datomiccloudbackup.exceptions;

import com.fulcrologic.datomiccloudbackup.BackupException;
import org.jspecify.annotations.Nullable;

/**
 * The t or instant to restore to cannot be reached exactly with what is stored. Nothing was
 * transacted.
 */
public final class UnreachablePointException extends BackupException {
  private static final long serialVersionUID = 1L;

  public UnreachablePointException(String message, String hint) {
    super(message, hint);
  }

  public UnreachablePointException(String message, String hint, @Nullable Throwable cause) {
    super(message, hint, cause);
  }
}
