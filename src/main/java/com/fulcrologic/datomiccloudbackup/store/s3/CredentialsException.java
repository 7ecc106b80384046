package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.internal.tools.Causes;
import java.util.Optional;

/**
 * The configured source of credentials gives none. This is the cause of the SDK's own exception,
 * since interceptors of the SDK accept no subclass of it.
 */
final class CredentialsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

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
    return Causes.of(thrown)
        .filter(CredentialsException.class::isInstance)
        .map(CredentialsException.class::cast)
        .findFirst();
  }

  String identity() {
    return identity;
  }
}
