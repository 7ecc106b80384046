package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

/**
 * A real S3 server in this process, one for all tests: s3proxy, with what it stores in memory; or,
 * for the tests that need no faults, the one that the system properties {@code s3.endpoint}, {@code
 * s3.accessKey} and {@code s3.secretKey} name. A bucket of each test's own keeps them apart.
 */
public final class S3Server {
  static final String PREFIX = "backups/all";
  static final String REGION = "us-east-1";

  /** Many attempts, and hardly a pause. */
  static final S3Options OPTIONS =
      S3Options.DEFAULTS.withRetryPolicy(
          new RetryPolicy(5, Duration.ofMillis(1), Duration.ofMillis(5)));

  private static final AtomicInteger BUCKETS = new AtomicInteger();

  private static final FaultyBlobStore BLOBS = new FaultyBlobStore(new TransientNio2BlobStore());
  private static final String ENDPOINT = start();

  private S3Server() {}

  /** Whether it is somebody else's, of which no fault can be asked. */
  static boolean isExternal() {
    return System.getProperty("s3.endpoint") != null;
  }

  private static String start() {
    return isExternal()
        ? System.getProperty("s3.endpoint")
        : start(BLOBS, accessKey(), secretKey());
  }

  /** A server of its own, without any bucket, that lets these credentials in, and no others. */
  public static String startEmpty(String accessKey, String secretKey) {
    return start(new TransientNio2BlobStore(), accessKey, secretKey);
  }

  private static String start(BlobStore blobs, String accessKey, String secretKey) {
    try {
      S3Proxy proxy =
          S3Proxy.builder()
              .blobStore(blobs)
              .endpoint(URI.create("http://127.0.0.1:0"))
              .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, accessKey, secretKey)
              .ignoreUnknownHeaders(true)
              .jettyMaxThreads(40)
              .build();
      proxy.start();
      return "http://127.0.0.1:" + proxy.getPort();
    } catch (Exception e) {
      throw new IllegalStateException("s3proxy does not start", e);
    }
  }

  public static String endpoint() {
    return ENDPOINT;
  }

  public static String accessKey() {
    return System.getProperty("s3.accessKey", "s3-access-key");
  }

  public static String secretKey() {
    return System.getProperty("s3.secretKey", "s3-c4n4ry-secret-key");
  }

  /** A new, empty bucket. */
  public static String newBucket() {
    if (isExternal()) {
      String bucket = "test-" + UUID.randomUUID();
      Sdk.createBucket(ENDPOINT, bucket);
      return bucket;
    }
    String bucket = "bucket-" + BUCKETS.incrementAndGet();
    BLOBS.createContainer(bucket);
    return bucket;
  }

  /** What goes wrong in this bucket from now on. */
  static void setFaults(String bucket, Faults faults) {
    BLOBS.setFaults(bucket, faults);
  }

  /** A store in a bucket of its own. */
  static BackupStore newStore(Sdk sdk) {
    return store(sdk, newBucket(), new RequestCount());
  }

  /** A store in this bucket. */
  static BackupStore store(Sdk sdk, String bucket, RequestCount count) {
    return sdk.store(ENDPOINT, location(bucket), OPTIONS, count);
  }

  static S3Location location(String bucket) {
    return new S3Location(bucket, PREFIX);
  }
}
