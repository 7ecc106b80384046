package com.fulcrologic.datomiccloudbackup.exceptions;

import com.fulcrologic.datomiccloudbackup.BackupException;
import org.jspecify.annotations.Nullable;

/**
 * The backup belongs to another database than the source; the message names both identities.
 * Nothing was written.
 */
public final class ForeignSourceException extends BackupException {
  private static final long serialVersionUID = 1L;

  public ForeignSourceException(String message, String hint) {
    super(message, hint);
  }

  public ForeignSourceException(String message, String hint, @Nullable Throwable cause) {
    super(message, hint, cause);
  }
}
