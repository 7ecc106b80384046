package com.fulcrologic.datomiccloudbackup;

import org.jspecify.annotations.Nullable;

/**
 * The root of every failure that this library reports on purpose; one subclass for each decision
 * that a caller can make.
 *
 * <p>{@link #getMessage()} says in one line what happened and where (backup, t, segment, key);
 * {@link #hint()} says in one line what to do. Neither ever holds a value from a database or a
 * credential.
 */
public abstract class BackupException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String hint;

  protected BackupException(String message, String hint) {
    this(message, hint, null);
  }

  protected BackupException(String message, String hint, @Nullable Throwable cause) {
    super(message, cause);
    this.hint = hint;
  }

  /** What to do next, in one line. */
  public final String hint() {
    return hint;
  }
}
