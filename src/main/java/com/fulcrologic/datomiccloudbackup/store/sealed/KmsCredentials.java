package com.fulcrologic.datomiccloudbackup.store.sealed;

import com.amazonaws.SdkClientException;
import com.amazonaws.auth.AWSCredentials;
import com.amazonaws.auth.AWSCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.auth.BasicSessionCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;

/** The credentials of version 2 of the SDK, for a client of version 1. Thread-safe. */
final class KmsCredentials implements AWSCredentialsProvider {

  @Override
  public AWSCredentials getCredentials() {
    try (DefaultCredentialsProvider chain = DefaultCredentialsProvider.builder().build()) {
      AwsCredentials found = chain.resolveCredentials();
      return found instanceof AwsSessionCredentials session
          ? new BasicSessionCredentials(
              session.accessKeyId(), session.secretAccessKey(), session.sessionToken())
          : new BasicAWSCredentials(found.accessKeyId(), found.secretAccessKey());
    } catch (SdkException none) {
      throw new SdkClientException("no credentials", none);
    }
  }

  @Override
  public void refresh() {
    // each call asks anew
  }
}
