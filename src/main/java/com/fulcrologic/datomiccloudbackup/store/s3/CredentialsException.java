package com.fulcrologic.datomiccloudbackup.store.s3;

import java.util.Optional;

/**
 * The configured source of credentials gives none. This is the cause of the SDK's own exception,
 * since interceptors of the SDK accept no subclass of it.
 */
final class CredentialsException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int DEPTH_MAX = 16;

  private final String identity;

  /**
   * @param identity the place that should have given credentials
   */
  CredentialsException(String identity, Throwable cause) {
    super("no credentials from " + identity, cause);
    this.identity = identity;
  }

  /** The first such exception among the causes; interceptors of the SDK may have wrapped it. */
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
