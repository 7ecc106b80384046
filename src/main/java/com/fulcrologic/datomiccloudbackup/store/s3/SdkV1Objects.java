package com.fulcrologic.datomiccloudbackup.store.s3;

import com.amazonaws.AmazonServiceException;
import com.amazonaws.http.timers.client.ClientExecutionTimeoutException;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.Headers;
import com.amazonaws.services.s3.model.GetObjectRequest;
import com.amazonaws.services.s3.model.ListObjectsV2Request;
import com.amazonaws.services.s3.model.ListObjectsV2Result;
import com.amazonaws.services.s3.model.ObjectMetadata;
import com.amazonaws.services.s3.model.PutObjectRequest;
import com.amazonaws.services.s3.model.S3Object;
import com.amazonaws.services.s3.model.S3ObjectInputStream;
import com.amazonaws.services.s3.model.SSEAlgorithm;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sends requests with version 1 of the AWS SDK for Java. */
record SdkV1Objects(AmazonS3 client, String bucket, S3Options options) implements ObjectApi {
  @Override
  public void putIfAbsent(String key, Content content) throws ObjectFault {
    ObjectMetadata metadata = new ObjectMetadata();
    metadata.setContentLength(content.bytes().length);
    metadata.setContentType("application/octet-stream");
    metadata.setContentMD5(content.md5());
    var request =
        new PutObjectRequest(bucket, key, new ByteArrayInputStream(content.bytes()), metadata);
    request.putCustomRequestHeader("If-None-Match", "*");
    request.putCustomRequestHeader(Content.SHA256_HEADER, content.sha256());
    // Without this limit the SDK could not send a larger body again.
    request.getRequestClientOptions().setReadLimit(content.bytes().length + 1);
    if (!options.storageClass().isEmpty()) {
      request.setStorageClass(options.storageClass());
    }
    encrypt(metadata);
    try {
      requireFromS3(client.putObject(request).getETag());
    } catch (RuntimeException | IOException e) {
      throw fault(e);
    }
  }

  private void encrypt(ObjectMetadata metadata) {
    switch (options.encryption()) {
      case BUCKET_DEFAULT -> {}
      case SSE_S3 -> metadata.setSSEAlgorithm(SSEAlgorithm.AES256.getAlgorithm());
      case SSE_KMS -> {
        metadata.setSSEAlgorithm(SSEAlgorithm.KMS.getAlgorithm());
        if (!options.kmsKeyId().isEmpty()) {
          metadata.setHeader(Headers.SERVER_SIDE_ENCRYPTION_AWS_KMS_KEYID, options.kmsKeyId());
        }
      }
    }
  }

  @Override
  public byte[] get(String key, int sizeMax) throws ObjectFault {
    var request = new GetObjectRequest(bucket, key).withRange(0, sizeMax - 1L);
    try (S3Object object = client.getObject(request)) {
      S3ObjectInputStream stream = object.getObjectContent();
      return Body.read(
          stream, object.getObjectMetadata()::getInstanceLength, sizeMax, stream::abort);
    } catch (RuntimeException | IOException e) {
      throw fault(e);
    }
  }

  @Override
  public Page list(String prefix, String startAfter, @Nullable String token, int countMax)
      throws ObjectFault {
    var request =
        new ListObjectsV2Request().withBucketName(bucket).withPrefix(prefix).withMaxKeys(countMax);
    if (!startAfter.isEmpty()) {
      request.setStartAfter(startAfter);
    }
    if (token != null) {
      request.setContinuationToken(token);
    }
    try {
      ListObjectsV2Result page = client.listObjectsV2(request);
      requireFromS3(page.getBucketName());
      return new Page(
          page.getObjectSummaries().stream()
              .map(object -> new StoredObject(object.getKey(), object.getSize()))
              .toList(),
          !page.isTruncated(),
          page.getNextContinuationToken());
    } catch (RuntimeException | IOException e) {
      throw fault(e);
    }
  }

  /** A success without the headers that S3 always sends is not from S3, as a proxy's page. */
  private static void requireFromS3(@Nullable String always) throws IOException {
    if (always == null) {
      throw new ProtocolException("the answer is not S3's");
    }
  }

  private static ObjectFault fault(Exception cause) {
    if (cause instanceof AmazonServiceException refusal) {
      return ObjectFault.refused(
          refusal.getStatusCode(), Objects.requireNonNullElse(refusal.getErrorCode(), ""), cause);
    }
    return cause instanceof ClientExecutionTimeoutException
        ? ObjectFault.timedOut(cause)
        : ObjectFault.unanswered(cause);
  }
}
