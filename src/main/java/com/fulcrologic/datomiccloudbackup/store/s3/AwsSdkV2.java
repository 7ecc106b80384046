package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.InvalidConfigurationException;
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

/** A store in S3 by the second AWS SDK for Java. */
public final class AwsSdkV2 {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(30);

  private AwsSdkV2() {}

  /**
   * The store at this place; nothing is read or written yet, and the bucket must exist. What is
   * said of {@link AwsSdkV1#store} holds.
   *
   * @param client stays the caller's, who closes it after the store's last use. It needs a socket
   *     timeout, which it has unless told otherwise
   */
  public static BackupStore store(S3Client client, S3Location location, S3Options options) {
    Objects.requireNonNull(client, "client");
    return new S3BackupStore(
        new SdkV2Objects(client, location.bucket(), options), location, options);
  }

  /**
   * The store at this place, with a client of its own, whose credentials come from the first place
   * of the SDK's default chain that is set up, and from no other. The client lives as long as the
   * process. Needs {@code apache5-client} on the class path.
   *
   * @throws InvalidConfigurationException when no region is given, nor found, or what is set up to
   *     give credentials cannot work
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
            // Sums of our own go with each write; others' servers stumble over the SDK's.
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
