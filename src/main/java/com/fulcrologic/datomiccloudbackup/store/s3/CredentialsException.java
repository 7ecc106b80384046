package com.fulcrologic.datomiccloudbackup.store.s3;

import java.util.Optional;

/**
 * What is set up to give credentials gives none. The cause of the SDK's own exception: interceptors
 * of the SDK take no subclass of theirs.
 */
final class CredentialsException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int DEPTH_MAX = 16;

  private final String identity;

  /**
   * @param identity where they were to come from
   */
  CredentialsException(String identity, Throwable cause) {
    super("no credentials from " + identity, cause);
    this.identity = identity;
  }

  /** The one that is among the causes; interceptors of the SDK may have wrapped it. */
  static Optional<CredentialsException> in(Throwable thrown) {
    Throwable each = thrown;
    for (int depth = 0; each != null && depth < DEPTH_MAX; depth++) {
      if (each instanceof CredentialsException found) {
        return Optional.of(found);
      }
      each = each.getCause();
    }
    return Optional.empty();
  }

  String identity() {
    return identity;
  }
}
