package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.nio.charset.StandardCharsets;

/**
 * Checks whether the server honours {@code If-None-Match}, by creating the same marker twice: the
 * second attempt must fail. The marker stays, so a later probe needs one request. The marker's key
 * starts with a dot, as no key of a store does, and listings leave it out. Thread-safe.
 *
 * <p>The probe does not detect a server that looks first and then writes. On such a server, two
 * writers at the very same time can both succeed; only a race would show that.
 */
final class ConditionProbe {
  static final String MARKER = ".if-none-match";

  private static final String TEXT =
      """
      Written by datomic-cloud-backup to learn whether this server honours If-None-Match: *,
      before anything else is written here. It may stay, and may be deleted.
      """;

  /** The first request of all creates the marker, and the next one, of any process, is refused. */
  private static final int PUT_COUNT_MAX = 2;

  private final S3Failures failures;
  private boolean isHonoured;

  ConditionProbe(S3Failures failures) {
    this.failures = failures;
  }

  /** Creates the marker, or returns false if there is one. */
  interface Marking {
    boolean create(byte[] content);
  }

  /** Whether the server refuses the condition itself. */
  static boolean isRefusal(ObjectFault fault) {
    return fault.status() == 501
        || (fault.status() == 400
            && (fault.code().equals("InvalidArgument") || fault.code().equals("InvalidRequest")));
  }

  /**
   * Asks the server once in this object's life; others wait for its answer.
   *
   * @throws InvalidConfigurationException when the condition is ignored
   */
  synchronized void requireHonoured(Marking marking) {
    for (int i = 0; i < PUT_COUNT_MAX && !isHonoured; i++) {
      isHonoured = !marking.create(TEXT.getBytes(StandardCharsets.UTF_8));
    }
    if (!isHonoured) {
      throw failures.conditionIgnored();
    }
  }
}
