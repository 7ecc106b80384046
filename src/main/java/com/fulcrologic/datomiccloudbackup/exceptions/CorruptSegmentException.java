package com.fulcrologic.datomiccloudbackup.exceptions;

import com.fulcrologic.datomiccloudbackup.BackupException;
import org.jspecify.annotations.Nullable;

/**
 * Stored bytes are not the segment that was written: cut short, changed, or not a segment at all.
 * Nothing of it was transacted. Its neighbours are unaffected; {@code repair} cannot overwrite it,
 * so move the object away first.
 */
public final class CorruptSegmentException extends BackupException {
  private static final long serialVersionUID = 1L;

  public CorruptSegmentException(String message, String hint) {
    super(message, hint);
  }

  /** The cause keeps its class and stack trace, but not its text, which may quote a value. */
  public CorruptSegmentException(String message, String hint, @Nullable Throwable cause) {
    super(message, hint, withoutText(cause));
  }
}
