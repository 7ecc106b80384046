package com.fulcrologic.datomiccloudbackup.store.s3;

import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** What is behind the server, with the {@link Faults} of each bucket. */
final class FaultyBlobStore extends ForwardingBlobStore {
  private static final Faults NONE = new Faults() {};

  private final Map<String, Faults> faults = new ConcurrentHashMap<>();

  FaultyBlobStore(BlobStore real) {
    super(real);
  }

  void setFaults(String bucket, Faults ofBucket) {
    faults.put(bucket, ofBucket);
  }

  private Faults faults(String bucket) {
    return faults.getOrDefault(bucket, NONE);
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream body) {
    return faults(request.bucket()).put(delegate(), request, body);
  }

  @Override
  public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
    return faults(request.bucket()).get(delegate(), request);
  }

  @Override
  public ListObjectsV2Response list(ListObjectsV2Request request) {
    return faults(request.bucket()).list(delegate(), request);
  }
}
