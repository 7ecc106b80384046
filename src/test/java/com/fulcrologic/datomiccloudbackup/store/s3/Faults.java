package com.fulcrologic.datomiccloudbackup.store.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
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

  /** What becomes of a request to write. */
  interface Putting {
    PutObjectResponse put(BlobStore real, PutObjectRequest request, InputStream body);
  }

  /** What becomes of a page of a listing. */
  interface Tampering {
    ListObjectsV2Response with(ListObjectsV2Request request, ListObjectsV2Response page);
  }

  /**
   * What a write is answered with, once all of it has arrived: whoever is answered before may meet
   * a connection that is closed under it, and never see the answer.
   */
  static RuntimeException refusal(int status, InputStream body) {
    try {
      body.transferTo(OutputStream.nullOutputStream());
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
    return S3Exceptions.fromStatusCode(status);
  }

  /** Faults of writes alone. */
  static Faults ofPuts(Putting putting) {
    return new Faults() {
      @Override
      public PutObjectResponse put(BlobStore real, PutObjectRequest request, InputStream body) {
        return putting.put(real, request, body);
      }
    };
  }

  /** Faults of listings alone. */
  static Faults ofPages(Tampering tampering) {
    return new Faults() {
      @Override
      public ListObjectsV2Response list(BlobStore real, ListObjectsV2Request request) {
        return tampering.with(request, real.list(request));
      }
    };
  }

  /** Answers with this status, and does nothing, when a request of any kind is due. */
  static Faults answering(int status, BooleanSupplier isDue) {
    return new Faults() {
      @Override
      public PutObjectResponse put(BlobStore real, PutObjectRequest request, InputStream body) {
        if (isDue.getAsBoolean()) {
          throw refusal(status, body);
        }
        return real.putBlob(request, body);
      }

      @Override
      public ResponseInputStream<GetObjectResponse> get(BlobStore real, GetObjectRequest request) {
        return answer(() -> real.getBlob(request));
      }

      @Override
      public ListObjectsV2Response list(BlobStore real, ListObjectsV2Request request) {
        return answer(() -> real.list(request));
      }

      private <T> T answer(Supplier<T> real) {
        if (isDue.getAsBoolean()) {
          throw S3Exceptions.fromStatusCode(status);
        }
        return real.get();
      }
    };
  }
}
