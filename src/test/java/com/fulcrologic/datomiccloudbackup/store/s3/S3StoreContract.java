package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.BackupStoreContract;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.junit.jupiter.api.AfterEach;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** The contract, of a store in a bucket over either SDK. Whose server it is, faults decide. */
abstract class S3StoreContract extends BackupStoreContract {
  private static final int SIZE_BEFORE_FAULT = 100_000;

  /** Each body that stands still costs so much. */
  private static final int STALLED_SOCKET_TIMEOUT_MILLIS = 500;

  private final Sdk sdk;
  private final UnaryOperator<BackupStore> decoration;
  private final Map<BackupStore, String> buckets = new ConcurrentHashMap<>();
  private final CountDownLatch end = new CountDownLatch(1);

  S3StoreContract(Sdk sdk) {
    this(sdk, UnaryOperator.identity());
  }

  /** The contract of such a store, decorated. */
  S3StoreContract(Sdk sdk, UnaryOperator<BackupStore> decoration) {
    this.sdk = sdk;
    this.decoration = decoration;
  }

  @AfterEach
  void endStalls() {
    end.countDown();
  }

  @Override
  protected BackupStore emptyStore() {
    return storeIn(S3Server.newBucket());
  }

  @Override
  protected BackupStore sameStore(BackupStore store) {
    return storeIn(Objects.requireNonNull(buckets.get(store)));
  }

  private BackupStore storeIn(String bucket) {
    return remember(bucket, S3Server.store(sdk, bucket, new RequestCount()));
  }

  private BackupStore remember(String bucket, BackupStore s3) {
    BackupStore store = decoration.apply(s3);
    buckets.put(store, bucket);
    return store;
  }

  @Override
  protected Optional<BackupStore> storeWith(Fault fault, Strikes strikes) {
    if (S3Server.isExternal()) {
      return Optional.empty();
    }
    String bucket = S3Server.newBucket();
    return Optional.of(
        remember(
            bucket,
            FaultyBucket.store(
                sdk, bucket, faults(fault, strikes), STALLED_SOCKET_TIMEOUT_MILLIS)));
  }

  private Faults faults(Fault fault, Strikes strikes) {
    return switch (fault) {
      case LOST_REPLY ->
          Faults.ofPuts(
              (real, request, body) -> {
                PutObjectResponse applied = real.putBlob(request, body);
                if (strikes.isDue()) {
                  throw S3Exceptions.fromStatusCode(500);
                }
                return applied;
              });
      case BUSY -> Faults.answering(503, strikes::isDue);
      case BROKEN -> Faults.answering(500, strikes::isDue);
      case CUT_READ ->
          FaultyBodies.of(
              body -> strikes.isDue() ? FaultyBodies.brokenAfter(SIZE_BEFORE_FAULT, body) : body);
      case STALLED_READ ->
          FaultyBodies.of(
              body ->
                  strikes.isDue() ? FaultyBodies.stalledAfter(SIZE_BEFORE_FAULT, body, end) : body);
      case ACCESS_DENIED -> Faults.answering(403, strikes::isDue);
      case READ_ONLY ->
          Faults.ofPuts((real, request, body) -> refuse(403, strikes, real, request, body));
      case FULL ->
          Faults.ofPuts((real, request, body) -> refuse(507, strikes, real, request, body));
    };
  }

  private static PutObjectResponse refuse(
      int status, Strikes strikes, BlobStore real, PutObjectRequest request, InputStream body) {
    if (strikes.isDue()) {
      throw Faults.refusal(status, body);
    }
    return real.putBlob(request, body);
  }
}
