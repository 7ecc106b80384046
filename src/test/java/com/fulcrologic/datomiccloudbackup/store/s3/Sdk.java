package com.fulcrologic.datomiccloudbackup.store.s3;

import com.amazonaws.ClientConfiguration;
import com.amazonaws.Request;
import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.handlers.HandlerBeforeAttemptContext;
import com.amazonaws.handlers.RequestHandler2;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.AmazonS3ClientBuilder;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The two SDKs, as their users set them up: two attempts a call, and a short patience. */
enum Sdk {
  V1 {
    @Override
    ObjectApi objects(
        String endpoint, String bucket, S3Options options, RequestCount count, int timeoutMillis) {
      return new SdkV1Objects(v1(endpoint, count, timeoutMillis), bucket, options);
    }

    @Override
    BackupStore store(String endpoint, S3Location location, S3Options options, RequestCount count) {
      return AwsSdkV1.store(v1(endpoint, count, SOCKET_TIMEOUT_MILLIS), location, options);
    }
  },
  V2 {
    @Override
    ObjectApi objects(
        String endpoint, String bucket, S3Options options, RequestCount count, int timeoutMillis) {
      return new SdkV2Objects(v2(endpoint, count, timeoutMillis), bucket, options);
    }

    @Override
    BackupStore store(String endpoint, S3Location location, S3Options options, RequestCount count) {
      return AwsSdkV2.store(v2(endpoint, count, SOCKET_TIMEOUT_MILLIS), location, options);
    }
  };

  private static final int SOCKET_TIMEOUT_MILLIS = 20_000;

  abstract ObjectApi objects(
      String endpoint, String bucket, S3Options options, RequestCount count, int timeoutMillis);

  abstract BackupStore store(
      String endpoint, S3Location location, S3Options options, RequestCount count);

  static void createBucket(String endpoint, String bucket) {
    try (S3Client client = v2(endpoint, new RequestCount(), SOCKET_TIMEOUT_MILLIS)) {
      client.createBucket(request -> request.bucket(bucket));
    }
  }

  private static AmazonS3 v1(String endpoint, RequestCount count, int timeoutMillis) {
    return AmazonS3ClientBuilder.standard()
        .withEndpointConfiguration(new EndpointConfiguration(endpoint, S3Server.REGION))
        .withPathStyleAccessEnabled(true)
        .withClientConfiguration(
            new ClientConfiguration()
                .withMaxErrorRetry(1)
                .withUseExpectContinue(false)
                .withSocketTimeout(timeoutMillis))
        .withRequestHandlers(new V1Counting(count))
        .withCredentials(
            new AWSStaticCredentialsProvider(
                new BasicAWSCredentials(S3Server.accessKey(), S3Server.secretKey())))
        .build();
  }

  private static S3Client v2(String endpoint, RequestCount count, int timeoutMillis) {
    return S3Client.builder()
        .endpointOverride(URI.create(endpoint))
        .region(Region.of(S3Server.REGION))
        .forcePathStyle(true)
        .overrideConfiguration(
            configuration ->
                configuration
                    .retryStrategy(retry -> retry.maxAttempts(2))
                    .addExecutionInterceptor(new V2Counting(count)))
        .httpClientBuilder(
            Apache5HttpClient.builder().socketTimeout(Duration.ofMillis(timeoutMillis)))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(S3Server.accessKey(), S3Server.secretKey())))
        .build();
  }

  private static final class V1Counting extends RequestHandler2 {
    private final RequestCount count;

    V1Counting(RequestCount count) {
      this.count = count;
    }

    @Override
    public void beforeAttempt(HandlerBeforeAttemptContext context) {
      Request<?> request = context.getRequest();
      count.add(request.getHttpMethod().name(), request.getParameters());
    }
  }

  private static final class V2Counting implements ExecutionInterceptor {
    private final RequestCount count;

    V2Counting(RequestCount count) {
      this.count = count;
    }

    @Override
    public void beforeTransmission(
        Context.BeforeTransmission context, ExecutionAttributes attributes) {
      var request = context.httpRequest();
      count.add(request.method().name(), Map.copyOf(request.rawQueryParameters()));
    }
  }
}
