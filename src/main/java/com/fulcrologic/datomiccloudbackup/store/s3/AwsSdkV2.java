package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** A store in S3 through version 2 of the AWS SDK for Java. */
public final class AwsSdkV2 {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(30);

  private AwsSdkV2() {}

  /**
   * The store at this place; nothing is read or written yet, and the bucket must exist. The store
   * works as {@link AwsSdkV1#store} describes.
   *
   * @param client the caller keeps owning it, and closes it after the store's last use. It needs a
   *     socket timeout, which it has by default
   */
  public static BackupStore store(S3Client client, S3Location location, S3Options options) {
    Objects.requireNonNull(client, "client");
    return new S3BackupStore(
        new SdkV2Objects(client, location.bucket(), options), location, options);
  }

  /**
   * The store at this place, with a client of its own. The credentials come from the first place of
   * the SDK's default chain that is set up, and from no other. The client lives as long as the
   * process. This needs {@code apache5-client} on the class path.
   *
   * @throws InvalidConfigurationException when no region is given or found, or the configured
   *     source of credentials cannot work
   */
  public static BackupStore connect(S3Location location, S3Endpoint endpoint, S3Options options) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(
                Apache5HttpClient.builder()
                    .connectionTimeout(CONNECT_TIMEOUT)
                    .socketTimeout(SOCKET_TIMEOUT))
            .credentialsProvider(ConfiguredCredentials.find())
            // The store repeats its requests itself.
            .overrideConfiguration(
                settings -> settings.retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .forcePathStyle(endpoint.isPathStyle())
            // Each write has checksums of our own; servers other than S3 reject the SDK's.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    if (!endpoint.uri().isEmpty()) {
      builder.endpointOverride(URI.create(endpoint.uri()));
    }
    if (!endpoint.region().isEmpty()) {
      builder.region(Region.of(endpoint.region()));
    } else if (!endpoint.uri().isEmpty()) {
      builder.region(Region.US_EAST_1);
    }
    try {
      return store(builder.build(), location, options);
    } catch (SdkClientException e) {
      throw new InvalidConfigurationException(
          "The S3 client cannot be made for " + location + ".",
          "Name the region, as in s3://bucket/prefix?region=eu-central-1.",
          e);
    }
  }
}
