package com.fulcrologic.datomiccloudbackup.exceptions;

import com.fulcrologic.datomiccloudbackup.BackupException;
import org.jspecify.annotations.Nullable;

/** The store, or the directory under it, refused access. Retrying does not help; permissions do. */
public final class StoreAccessDeniedException extends BackupException {
  private static final long serialVersionUID = 1L;

  public StoreAccessDeniedException(String message, String hint) {
    super(message, hint);
  }

  public StoreAccessDeniedException(String message, String hint, @Nullable Throwable cause) {
    super(message, hint, cause);
  }
}
