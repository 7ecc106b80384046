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

  /**
   * A stand-in for a cause whose text may quote a value from a database: it keeps the class names
   * and the stack traces.
   */
  protected static @Nullable Throwable withoutText(@Nullable Throwable cause) {
    return cause == null ? null : WithoutText.of(cause);
  }

  /** A cause that keeps the class and the stack trace, and drops the text. */
  private static final class WithoutText extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int DEPTH_MAX = 8;

    private WithoutText(String className, @Nullable Throwable cause) {
      super(className, cause);
    }

    static WithoutText of(Throwable original) {
      return of(original, 0);
    }

    private static WithoutText of(Throwable original, int depth) {
      Throwable cause = original.getCause();
      WithoutText copy =
          new WithoutText(
              original.getClass().getName(),
              cause == null || depth == DEPTH_MAX ? null : of(cause, depth + 1));
      copy.setStackTrace(original.getStackTrace());
      return copy;
    }
  }
}
