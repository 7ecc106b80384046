package com.fulcrologic.datomiccloudbackup.exceptions;

import com.fulcrologic.datomiccloudbackup.BackupException;
import org.jspecify.annotations.Nullable;

/**
 * A segment was written by a newer version of this library; the message names the format needed.
 */
public final class UnsupportedFormatException extends BackupException {
  private static final long serialVersionUID = 1L;

  public UnsupportedFormatException(String message, String hint) {
    super(message, hint);
  }

  public UnsupportedFormatException(String message, String hint, @Nullable Throwable cause) {
    super(message, hint, cause);
  }
}
