package com.fulcrologic.datomiccloudbackup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Stores in buckets of which something goes wrong, at the place where the server keeps objects. */
final class FaultyBucket {
  /** More than the SDKs, which send each request twice by themselves, cope with. */
  static final int FAULT_COUNT = 4;

  static final byte[] ONE = "one".getBytes(StandardCharsets.UTF_8);

  /** Few, since a body that stands still costs them. */
  private static final int SOCKET_TIMEOUT_MILLIS = 1_500;

  private FaultyBucket() {}

  /** Fails a number of times, then no more. */
  static final class Countdown {
    private final AtomicInteger left = new AtomicInteger(FAULT_COUNT);

    boolean isDue() {
      return left.getAndDecrement() > 0;
    }

    void requireSpent() {
      assertThat(left.get()).isNegative();
    }
  }

  /** An empty store, in pages of ten. */
  static BackupStore store(Sdk sdk, Faults faults) {
    return store(sdk, S3Server.newBucket(), faults, SOCKET_TIMEOUT_MILLIS);
  }

  static BackupStore store(Sdk sdk, String bucket, Faults faults, int socketTimeoutMillis) {
    S3Server.setFaults(bucket, faults);
    ObjectApi objects =
        sdk.objects(
            S3Server.endpoint(), bucket, S3Server.OPTIONS, new RequestCount(), socketTimeoutMillis);
    return new S3BackupStore(objects, S3Server.location(bucket), S3Server.OPTIONS, 10);
  }

  /** Creates so many objects, of keys {@code k/10} and so on. */
  static List<String> createMany(BackupStore store, int count) {
    List<String> keys = IntStream.range(10, 10 + count).mapToObj(i -> "k/" + i).toList();
    keys.forEach(key -> store.create(key, ONE));
    return keys;
  }

  static List<String> keys(BackupStore store) {
    try (Stream<StoredObject> objects = store.list("", "")) {
      return objects.map(StoredObject::key).toList();
    }
  }
}
