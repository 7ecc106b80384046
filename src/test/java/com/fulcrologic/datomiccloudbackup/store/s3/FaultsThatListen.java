package com.fulcrologic.datomiccloudbackup.store.s3;

import java.util.List;
import org.gaul.s3proxy.blobstore.BlobStore;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** No faults, but notes of what arrives. */
final class FaultsThatListen {
  private FaultsThatListen() {}

  static Faults toRanges(List<String> ranges) {
    return new Faults() {
      @Override
      public ResponseInputStream<GetObjectResponse> get(BlobStore real, GetObjectRequest request) {
        ranges.add(request.range());
        return real.getBlob(request);
      }
    };
  }
}
