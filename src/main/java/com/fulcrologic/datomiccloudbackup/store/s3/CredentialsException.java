package com.fulcrologic.datomiccloudbackup.store.s3;

import software.amazon.awssdk.core.exception.SdkClientException;

/** What is set up to give credentials gives none. */
final class CredentialsException extends SdkClientException {
  private static final long serialVersionUID = 1L;

  private final String identity;

  /**
   * @param identity where they were to come from
   */
  CredentialsException(String identity, Throwable cause) {
    super(builder().message("no credentials from " + identity).cause(cause));
    this.identity = identity;
  }

  String identity() {
    return identity;
  }
}
