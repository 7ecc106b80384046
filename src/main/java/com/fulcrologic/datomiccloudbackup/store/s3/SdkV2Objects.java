package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import com.fulcrologic.datomiccloudbackup.store.s3.ConfiguredCredentials.CredentialsException;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.Crc32MismatchException;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** Sends requests with version 2 of the AWS SDK for Java. */
record SdkV2Objects(S3Client client, String bucket, S3Options options) implements ObjectApi {
  @Override
  public void putIfAbsent(String key, Content content) throws ObjectFault {
    // The SDK sends a given checksum as a header. It would send its own as a trailer, which some
    // servers refuse.
    var request =
        PutObjectRequest.builder()
            .bucket(bucket)
            .key(key)
            .ifNoneMatch("*")
            .contentType("application/octet-stream")
            .contentMD5(content.md5())
            .checksumSHA256(content.sha256());
    if (!options.storageClass().isEmpty()) {
      request.storageClass(options.storageClass());
    }
    encrypt(request);
    try {
      requireFromS3(
          client.putObject(request.build(), RequestBody.fromBytes(content.bytes())).eTag());
    } catch (RuntimeException | IOException e) {
      throw fault(e);
    }
  }

  private void encrypt(PutObjectRequest.Builder request) {
    switch (options.encryption()) {
      case BUCKET_DEFAULT -> {}
      case SSE_S3 -> request.serverSideEncryption(ServerSideEncryption.AES256);
      case SSE_KMS -> {
        request.serverSideEncryption(ServerSideEncryption.AWS_KMS);
        if (!options.kmsKeyId().isEmpty()) {
          request.ssekmsKeyId(options.kmsKeyId());
        }
      }
    }
  }

  @Override
  public byte[] get(String key, int sizeMax) throws ObjectFault {
    var request =
        GetObjectRequest.builder()
            .bucket(bucket)
            .key(key)
            .range("bytes=0-" + (sizeMax - 1L))
            .build();
    try (ResponseInputStream<GetObjectResponse> stream = client.getObject(request)) {
      return Body.read(stream, () -> objectSize(stream.response()), sizeMax, stream::abort);
    } catch (RuntimeException | IOException e) {
      throw fault(e);
    }
  }

  /** The size is in {@code Content-Range: bytes 0-9/100}, which a whole object's answer lacks. */
  private static long objectSize(GetObjectResponse response) throws IOException {
    String range = response.contentRange();
    if (range == null) {
      return requireFromS3(response.contentLength());
    }
    try {
      return Long.parseLong(range.substring(range.indexOf('/') + 1));
    } catch (NumberFormatException unknown) {
      throw new IOException("the answer does not state the object's size", unknown);
    }
  }

  @Override
  public Page list(String prefix, String startAfter, @Nullable String token, int countMax)
      throws ObjectFault {
    var request = ListObjectsV2Request.builder().bucket(bucket).prefix(prefix).maxKeys(countMax);
    if (!startAfter.isEmpty()) {
      request.startAfter(startAfter);
    }
    if (token != null) {
      request.continuationToken(token);
    }
    try {
      ListObjectsV2Response page = client.listObjectsV2(request.build());
      boolean isTruncated = requireFromS3(page.isTruncated());
      List<StoredObject> objects = new ArrayList<>();
      for (S3Object object : page.contents()) {
        objects.add(new StoredObject(requireFromS3(object.key()), requireFromS3(object.size())));
      }
      return new Page(objects, !isTruncated, page.nextContinuationToken());
    } catch (RuntimeException | IOException e) {
      throw fault(e);
    }
  }

  /** A success without the headers that S3 always sends is not from S3, as a proxy's page. */
  private static <T> T requireFromS3(@Nullable T always) throws IOException {
    if (always == null) {
      throw new ProtocolException("the answer is not S3's");
    }
    return always;
  }

  private static ObjectFault fault(Exception cause) {
    Optional<CredentialsException> missing = CredentialsException.in(cause);
    if (missing.isPresent()) {
      return ObjectFault.unauthenticated(missing.get().identity(), cause);
    }
    if (cause instanceof AwsServiceException refusal) {
      return ObjectFault.refused(
          refusal.statusCode(),
          Optional.ofNullable(refusal.awsErrorDetails()).map(AwsErrorDetails::errorCode).orElse(""),
          cause);
    }
    boolean isRepeatable =
        cause instanceof ApiCallTimeoutException
            || cause instanceof ApiCallAttemptTimeoutException
            || cause instanceof Crc32MismatchException
            || cause instanceof RetryableException;
    return isRepeatable ? ObjectFault.timedOut(cause) : ObjectFault.unanswered(cause);
  }
}
