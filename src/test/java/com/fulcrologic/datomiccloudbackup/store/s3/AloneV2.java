package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A user of the second SDK, as {@link OneSdkAloneTest} loads it. */
public final class AloneV2 {
  private AloneV2() {}

  public static String use(String endpoint, String bucket, String accessKey, String secretKey) {
    try (S3Client client =
        S3Client.builder()
            .endpointOverride(URI.create(endpoint))
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)))
            .build()) {
      BackupStore store = AwsSdkV2.store(client, new S3Location(bucket, "p"), S3Options.DEFAULTS);
      return StoreUse.of(store);
    }
  }
}
