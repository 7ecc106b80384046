package com.fulcrologic.datomiccloudbackup.internal.segment;

import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import org.jspecify.annotations.Nullable;

/** The exceptions for failures of decoding. */
final class DecodingFailures {
  private static final String HINT =
      "move the object away, then repair the backup from its source; its neighbours are unaffected";

  private DecodingFailures() {}

  static CorruptSegmentException corrupt(String where, String what) {
    return corrupt(where, what, null);
  }

  static CorruptSegmentException corrupt(String where, String what, @Nullable Throwable cause) {
    throwIfResourcesAreShort(cause);
    return new CorruptSegmentException(
        "Failed to read segment " + where + ": " + what, HINT, cause);
  }

  /** transit-java wraps every Throwable; an OutOfMemoryError does not mean that bytes are wrong. */
  static void throwIfResourcesAreShort(@Nullable Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof VirtualMachineError error && !(cause instanceof StackOverflowError)) {
        throw error;
      }
    }
  }
}
