package com.fulcrologic.datomiccloudbackup.internal.segment;

import com.fulcrologic.datomiccloudbackup.exceptions.CorruptSegmentException;
import org.jspecify.annotations.Nullable;

/** The exceptions for failures of decoding. */
final class DecodingFailures {
  private static final String HINT =
      "move the object away, then repair the backup from its source; its neighbours are unaffected";

  private DecodingFailures() {}

  static CorruptSegmentException corrupt(String where, String what) {
    return new CorruptSegmentException(message(where, what), HINT);
  }

  static CorruptSegmentException corrupt(String where, String what, @Nullable Throwable cause) {
    if (cause != null) {
      throwIfResourcesAreShort(cause);
    }
    return new CorruptSegmentException(message(where, what), HINT, cause);
  }

  private static String message(String where, String what) {
    return "Failed to read segment " + where + ": " + what;
  }

  /** transit-java wraps every Throwable; an OutOfMemoryError does not mean that bytes are wrong. */
  static void throwIfResourcesAreShort(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof VirtualMachineError error && !(cause instanceof StackOverflowError)) {
        throw error;
      }
    }
  }
}
