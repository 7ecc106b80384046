package com.fulcrologic.datomiccloudbackup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import com.fulcrologic.datomiccloudbackup.store.s3.ObjectApi.Content;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** What the store asks of the server, and how often. */
final class S3BackupStoreTest {
  private static final int SEGMENT_COUNT = 1_500;

  @ParameterizedTest
  @EnumSource
  void theMarkerIsPutTwiceOnceAndOnceLater(Sdk sdk) {
    String bucket = S3Server.newBucket();
    RequestCount count = new RequestCount();
    BackupStore store = S3Server.store(sdk, bucket, count);

    store.create("a", new byte[1]);
    assertThat(count.take()).isEqualTo(new RequestCount.Counts(3, 0, 0, 0));
    store.create("b", new byte[1]);
    assertThat(count.take()).isEqualTo(new RequestCount.Counts(1, 0, 0, 0));
    S3Server.store(sdk, bucket, count).create("c", new byte[1]);
    assertThat(count.take()).isEqualTo(new RequestCount.Counts(2, 0, 0, 0));
  }

  @ParameterizedTest
  @EnumSource
  void theNewestAndTheCoveringSegmentCostThreeRequestsAmongMany(Sdk sdk) throws Exception {
    RequestCount count = new RequestCount();
    BackupStore store = S3Server.store(sdk, S3Server.newBucket(), count);
    StoredBackup backup = StoredBackup.of(store, "orders");
    inParallel(
        8,
        IntStream.range(0, SEGMENT_COUNT)
            .mapToObj(i -> new TxRange(10L * i, 10L * i + 10))
            .map(range -> saving(backup, range))
            .toList());
    count.take();

    assertThat(backup.newest().orElseThrow().range())
        .isEqualTo(new TxRange(10L * SEGMENT_COUNT - 10, 10L * SEGMENT_COUNT));
    assertThat(count.take()).isEqualTo(new RequestCount.Counts(0, 0, 3, 0));
    assertThat(backup.covering(7_777).orElseThrow().range()).isEqualTo(new TxRange(7_770, 7_780));
    assertThat(count.take()).isEqualTo(new RequestCount.Counts(0, 0, 3, 0));
    assertThat(backup.exists()).isTrue();
    assertThat(count.take()).isEqualTo(new RequestCount.Counts(0, 0, 1, 0));
    try (Stream<StoredObject> objects = store.list("", "")) {
      assertThat(objects.limit(5)).hasSize(5);
    }
    assertThat(count.take()).isEqualTo(new RequestCount.Counts(0, 0, 1, 0));
    assertThat(backup.segments()).hasSize(SEGMENT_COUNT);
    assertThat(count.take()).isEqualTo(new RequestCount.Counts(0, 0, 2, 0));
  }

  @ParameterizedTest
  @EnumSource
  void listsInPagesOfOne(Sdk sdk) {
    String bucket = S3Server.newBucket();
    RequestCount count = new RequestCount();
    BackupStore store =
        new S3BackupStore(
            sdk.objects(S3Server.endpoint(), bucket, S3Server.OPTIONS, count, 20_000),
            new S3Location(bucket, "p"),
            S3Server.OPTIONS,
            1);
    List<String> keys = List.of("a/1", "a/2", "a/3", "b");
    keys.forEach(key -> store.create(key, new byte[1]));
    count.take();
    try (Stream<StoredObject> objects = store.list("a/", "a/1")) {
      assertThat(objects.map(StoredObject::key)).containsExactly("a/2", "a/3");
    }
    assertThat(count.take().lists()).isGreaterThanOrEqualTo(2);
    try (Stream<StoredObject> objects = store.list("", "")) {
      assertThat(objects.map(StoredObject::key)).containsExactlyElementsOf(keys);
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsOnlyTheBytesThatAreWanted(Sdk sdk) {
    RequestCount count = new RequestCount();
    String bucket = S3Server.newBucket();
    List<String> ranges = new ArrayList<>();
    S3Server.setFaults(bucket, FaultsThatListen.toRanges(ranges));
    BackupStore store = S3Server.store(sdk, bucket, count);
    store.create("a", new byte[5_000]);
    count.take();

    assertThat(store.read("a", 100).orElseThrow()).hasSize(100);
    assertThat(store.read("a", 0).orElseThrow()).isEmpty();
    assertThat(store.read("a", Integer.MAX_VALUE).orElseThrow()).hasSize(5_000);

    assertThat(ranges).containsExactly("bytes=0-99", "bytes=0-0", "bytes=0-2147483646");
    assertThat(count.take()).isEqualTo(new RequestCount.Counts(0, 3, 0, 0));
  }

  /** One writer uses the one SDK, the other the other one. */
  @Test
  void ofTwoWritersThatRaceOneWins() throws Exception {
    String bucket = S3Server.newBucket();
    BackupStore one = S3Server.store(Sdk.V1, bucket, new RequestCount());
    BackupStore other = S3Server.store(Sdk.V2, bucket, new RequestCount());
    for (int round = 0; round < 50; round++) {
      String key = "k/" + round;
      List<Boolean> created =
          inParallel(
              2,
              List.of(
                  () -> one.create(key, new byte[] {0}), () -> other.create(key, new byte[] {1})));

      assertThat(created).containsOnlyOnce(true);
      assertThat(one.read(key, 2)).hasValue(new byte[] {(byte) created.indexOf(true)});
    }
  }

  @ParameterizedTest
  @EnumSource
  void writesAsTheOptionsSay(Sdk sdk) {
    List<PutObjectRequest> requests = new ArrayList<>();
    put(sdk, requests, S3Server.OPTIONS);
    put(sdk, requests, S3Server.OPTIONS.withSseS3().withStorageClass("STANDARD_IA"));
    put(sdk, requests, S3Server.OPTIONS.withSseKms("alias/backups"));

    assertThat(requests)
        .extracting(
            PutObjectRequest::serverSideEncryptionAsString,
            PutObjectRequest::ssekmsKeyId,
            PutObjectRequest::storageClassAsString)
        .containsExactly(
            tuple(null, null, null),
            tuple("AES256", null, "STANDARD_IA"),
            tuple("aws:kms", "alias/backups", null));
    assertThat(requests).allSatisfy(request -> assertThat(request.ifNoneMatch()).isEqualTo("*"));
  }

  private static void put(Sdk sdk, List<PutObjectRequest> requests, S3Options options) {
    String bucket = S3Server.newBucket();
    S3Server.setFaults(
        bucket,
        new Faults() {
          @Override
          public PutObjectResponse put(BlobStore real, PutObjectRequest request, InputStream body) {
            if (request.key().equals("a")) {
              requests.add(request);
            }
            return real.putBlob(request, body);
          }
        });
    sdk.store(S3Server.endpoint(), new S3Location(bucket, ""), options, new RequestCount())
        .create("a", new byte[1]);
  }

  /** What was spoiled on the way arrives nowhere. */
  @ParameterizedTest
  @EnumSource
  void theServerChecksWhatItGets(Sdk sdk) {
    String bucket = S3Server.newBucket();
    ObjectApi objects =
        sdk.objects(S3Server.endpoint(), bucket, S3Server.OPTIONS, new RequestCount(), 5_000);
    Content content = Content.of(new byte[] {1});
    Content other = Content.of(new byte[] {2});
    AtomicInteger refused = new AtomicInteger();
    for (Content spoiled :
        List.of(
            new Content(new byte[] {1}, other.md5(), content.sha256()),
            new Content(new byte[] {1}, content.md5(), other.sha256()))) {
      try {
        objects.putIfAbsent("a", spoiled);
      } catch (ObjectFault fault) {
        assertThat(fault.isTransient()).as(fault.code()).isTrue();
        refused.incrementAndGet();
      }
    }
    assertThat(refused).hasValue(2);
  }

  private static Callable<Boolean> saving(StoredBackup backup, TxRange range) {
    return () -> backup.save(range, new byte[1], (stored, ours) -> true);
  }

  private static <T> List<T> inParallel(int threadCount, List<? extends Callable<T>> calls)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(threadCount);
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(calls)) {
        results.add(future.get());
      }
      return results;
    } finally {
      threads.shutdown();
    }
  }
}
