package com.fulcrologic.datomiccloudbackup.store.s3;

import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.AmazonS3ClientBuilder;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;

/** A user of the first SDK, as {@link OneSdkAloneTest} loads it. */
public final class AloneV1 {
  private AloneV1() {}

  public static String use(String endpoint, String bucket, String accessKey, String secretKey) {
    AmazonS3 client =
        AmazonS3ClientBuilder.standard()
            .withEndpointConfiguration(new EndpointConfiguration(endpoint, "us-east-1"))
            .withPathStyleAccessEnabled(true)
            .withCredentials(
                new AWSStaticCredentialsProvider(new BasicAWSCredentials(accessKey, secretKey)))
            .build();
    BackupStore store = AwsSdkV1.store(client, new S3Location(bucket, "p"), S3Options.DEFAULTS);
    try {
      return StoreUse.of(store);
    } finally {
      client.shutdown();
    }
  }
}
