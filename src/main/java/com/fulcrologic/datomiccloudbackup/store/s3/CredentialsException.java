package com.fulcrologic.datomiccloudbackup.store.s3;

/**
 * What is set up to give credentials gives none. The cause of the SDK's own exception: interceptors
 * of the SDK take no subclass of theirs.
 */
final class CredentialsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String identity;

  /**
   * @param identity where they were to come from
   */
  CredentialsException(String identity, Throwable cause) {
    super("no credentials from " + identity, cause);
    this.identity = identity;
  }

  String identity() {
    return identity;
  }
}
