package com.fulcrologic.datomiccloudbackup.exceptions;

import com.fulcrologic.datomiccloudbackup.BackupException;
import org.jspecify.annotations.Nullable;

/**
 * The store failed for a reason of its own: disk full, an I/O error, a lost connection after
 * bounded retries. Nothing that was published is lost.
 */
public final class StoreException extends BackupException {
  private static final long serialVersionUID = 1L;

  private final boolean isTransient;

  public StoreException(String message, String hint) {
    this(message, hint, null);
  }

  public StoreException(String message, String hint, @Nullable Throwable cause) {
    this(message, hint, cause, /* isTransient= */ true);
  }

  private StoreException(
      String message, String hint, @Nullable Throwable cause, boolean isTransient) {
    super(message, hint, cause);
    this.isTransient = isTransient;
  }

  /** A failure that does not pass by itself: an operator has to act first, as by making room. */
  public static StoreException lasting(String message, String hint, @Nullable Throwable cause) {
    return new StoreException(message, hint, cause, /* isTransient= */ false);
  }

  /** Whether the same call may succeed a moment later. */
  public boolean isTransient() {
    return isTransient;
  }
}
