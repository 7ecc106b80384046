package com.fulcrologic.datomiccloudbackup.exceptions;

import com.fulcrologic.datomiccloudbackup.BackupException;
import org.jspecify.annotations.Nullable;

/**
 * The caller's configuration cannot work: an option out of range, a store path that is a file, EDN
 * that does not parse. Nothing was read or written.
 */
public final class InvalidConfigurationException extends BackupException {
  private static final long serialVersionUID = 1L;

  public InvalidConfigurationException(String message, String hint) {
    super(message, hint);
  }

  public InvalidConfigurationException(String message, String hint, @Nullable Throwable cause) {
    super(message, hint, cause);
  }
}
