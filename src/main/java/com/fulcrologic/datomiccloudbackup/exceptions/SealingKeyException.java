package com.fulcrologic.datomiccloudbackup.exceptions;

import com.fulcrologic.datomiccloudbackup.BackupException;
import org.jspecify.annotations.Nullable;

/**
 * A stored object is sealed under a key that was not given; the message names the key's id. Nothing
 * was written.
 */
public final class SealingKeyException extends BackupException {
  private static final long serialVersionUID = 1L;

  public SealingKeyException(String message, String hint) {
    super(message, hint);
  }

  public SealingKeyException(String message, String hint, @Nullable Throwable cause) {
    super(message, hint, cause);
  }
}
