package com.fulcrologic.datomiccloudbackup.store.s3;

import java.io.InputStream;
import org.gaul.s3proxy.blobstore.BlobStore;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** What goes wrong in a bucket, at the server: nothing, but for what is overridden. */
interface Faults {
  default PutObjectResponse put(BlobStore real, PutObjectRequest request, InputStream body) {
    return real.putBlob(request, body);
  }

  default ResponseInputStream<GetObjectResponse> get(BlobStore real, GetObjectRequest request) {
    return real.getBlob(request);
  }

  default ListObjectsV2Response list(BlobStore real, ListObjectsV2Request request) {
    return real.list(request);
  }
}
