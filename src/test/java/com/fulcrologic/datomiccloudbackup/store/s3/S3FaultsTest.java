package com.fulcrologic.datomiccloudbackup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.StoreAccessDeniedException;
import com.fulcrologic.datomiccloudbackup.StoreException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Faults of a real server, made at the place where it keeps its objects. */
final class S3FaultsTest {
  /** More than the SDKs, which send each request twice by themselves, cope with. */
  private static final int FAULT_COUNT = 4;

  /** Few, since a body that stands still costs them. */
  private static final int SOCKET_TIMEOUT_MILLIS = 1_500;

  private static final byte[] ONE = "one".getBytes(StandardCharsets.UTF_8);

  /** Fails a number of times, then no more. */
  private static final class Countdown {
    private final AtomicInteger left = new AtomicInteger(FAULT_COUNT);

    boolean isDue() {
      return left.getAndDecrement() > 0;
    }

    void requireSpent() {
      assertThat(left.get()).isNegative();
    }
  }

  @ParameterizedTest
  @EnumSource
  void sendsAgainWhatTheServerHadNoTimeFor(Sdk sdk) {
    Countdown countdown = new Countdown();
    BackupStore store =
        failing(
            sdk,
            new Faults() {
              @Override
              public PutObjectResponse put(
                  BlobStore real, PutObjectRequest request, InputStream body) {
                if (countdown.isDue()) {
                  throw S3Exceptions.fromStatusCode(503);
                }
                return real.putBlob(request, body);
              }
            });

    assertThat(store.create("a", ONE)).isTrue();
    assertThat(store.read("a", 10)).hasValue(ONE);
    countdown.requireSpent();
  }

  @ParameterizedTest
  @EnumSource
  void findsItsOwnObjectAfterALostReply(Sdk sdk) {
    Countdown countdown = new Countdown();
    BackupStore store =
        failing(
            sdk,
            new Faults() {
              @Override
              public PutObjectResponse put(
                  BlobStore real, PutObjectRequest request, InputStream body) {
                PutObjectResponse applied = real.putBlob(request, body);
                if (request.key().endsWith("/a") && countdown.isDue()) {
                  throw S3Exceptions.fromStatusCode(500);
                }
                return applied;
              }
            });

    // Whose it is, nobody can know: the caller compares.
    assertThat(store.create("a", ONE)).isFalse();
    assertThat(store.read("a", 10)).hasValue(ONE);
    assertThat(store.create("b", ONE)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void triesAgainAfterAConflict(Sdk sdk) {
    Countdown countdown = new Countdown();
    BackupStore store =
        failing(
            sdk,
            new Faults() {
              @Override
              public PutObjectResponse put(
                  BlobStore real, PutObjectRequest request, InputStream body) {
                if (request.key().endsWith("/a") && countdown.isDue()) {
                  throw S3Exceptions.fromStatusCode(409);
                }
                return real.putBlob(request, body);
              }
            });

    assertThat(store.create("a", ONE)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void givesUpAfterSoManyAttempts(Sdk sdk) {
    AtomicInteger puts = new AtomicInteger();
    BackupStore store =
        failing(
            sdk,
            new Faults() {
              @Override
              public PutObjectResponse put(
                  BlobStore real, PutObjectRequest request, InputStream body) {
                puts.incrementAndGet();
                throw S3Exceptions.fromStatusCode(503);
              }
            });

    assertThatThrownBy(() -> store.create("a", ONE))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("503");
    assertThat(puts.get()).isEqualTo(2 * S3Server.OPTIONS.retryPolicy().attemptCountMax());
  }

  @ParameterizedTest
  @EnumSource
  void readsAgainWhatBrokeOff(Sdk sdk) {
    byte[] content = new byte[300_000];
    new Random(1).nextBytes(content);
    Countdown countdown = new Countdown();
    BackupStore store =
        failing(sdk, bodies(body -> countdown.isDue() ? brokenAfter(100_000, body) : body));
    store.create("a", content);

    assertThat(Arrays.equals(store.read("a", 1_000_000).orElseThrow(), content)).isTrue();
    countdown.requireSpent();
  }

  @ParameterizedTest
  @EnumSource
  void neverAnswersWithLessThanThereIs(Sdk sdk) {
    BackupStore store = failing(sdk, bodies(body -> brokenAfter(100_000, body)));
    store.create("a", new byte[300_000]);

    assertThatThrownBy(() -> store.read("a", 1_000_000))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("no whole answer");
    assertThat(store.read("a", 50_000))
        .hasValueSatisfying(start -> assertThat(start).hasSize(50_000));
  }

  @ParameterizedTest
  @EnumSource
  void readsAgainWhatStoodStill(Sdk sdk) {
    byte[] content = new byte[300_000];
    new Random(2).nextBytes(content);
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger stalls = new AtomicInteger(1);
    BackupStore store =
        failing(
            sdk,
            bodies(body -> stalls.getAndDecrement() > 0 ? stalledAfter(100_000, body, end) : body));
    store.create("a", content);

    assertThat(Arrays.equals(store.read("a", 1_000_000).orElseThrow(), content)).isTrue();
    end.countDown();
  }

  @ParameterizedTest
  @EnumSource
  void refusesAServerThatIgnoresTheCondition(Sdk sdk) {
    String bucket = S3Server.newBucket();
    S3Server.setFaults(
        bucket,
        new Faults() {
          @Override
          public PutObjectResponse put(BlobStore real, PutObjectRequest request, InputStream body) {
            return real.putBlob(request.toBuilder().ifNoneMatch(null).build(), body);
          }
        });
    BackupStore store = S3Server.store(sdk, bucket, new RequestCount());

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> store.create("a", ONE))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("ignores If-None-Match");
    }
    assertThat(store.read("a", 10)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aFailedPageIsAskedForAgain(Sdk sdk) {
    Countdown countdown = new Countdown();
    BackupStore store =
        failing(
            sdk,
            new Faults() {
              @Override
              public ListObjectsV2Response list(BlobStore real, ListObjectsV2Request request) {
                if (request.startAfter() != null && countdown.isDue()) {
                  throw S3Exceptions.fromStatusCode(500);
                }
                return real.list(request);
              }
            });
    List<String> keys = createMany(store, 30);

    assertThat(keys(store)).isEqualTo(keys);
    countdown.requireSpent();
  }

  @ParameterizedTest
  @EnumSource
  void aPageThatKeepsFailingEndsTheListing(Sdk sdk) {
    BackupStore store =
        listing(
            sdk,
            (request, page) -> {
              if (request.startAfter() != null) {
                throw S3Exceptions.fromStatusCode(500);
              }
              return page;
            });

    assertThatThrownBy(() -> keys(store)).isInstanceOf(StoreException.class);
  }

  @ParameterizedTest
  @EnumSource
  void aStalePageEndsTheListing(Sdk sdk) {
    ListObjectsV2Response[] first = new ListObjectsV2Response[1];
    BackupStore store =
        listing(
            sdk,
            (request, page) -> {
              first[0] = first[0] == null ? page : first[0];
              return first[0];
            });

    goesNotForward(store);
  }

  @ParameterizedTest
  @EnumSource
  void anUnsortedPageEndsTheListing(Sdk sdk) {
    BackupStore store =
        listing(
            sdk,
            (request, page) -> {
              List<S3Object> reversed = page.contents().stream().toList();
              return page.toBuilder()
                  .contents(
                      IntStream.range(0, reversed.size())
                          .mapToObj(i -> reversed.get(reversed.size() - 1 - i))
                          .toList())
                  .build();
            });

    goesNotForward(store);
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyPageThatIsNotTheLastEndsTheListing(Sdk sdk) {
    BackupStore store =
        listing(
            sdk, (request, page) -> page.toBuilder().contents(List.of()).isTruncated(true).build());

    goesNotForward(store);
  }

  @ParameterizedTest
  @EnumSource
  void aListingThatIsDeniedIsNotEmpty(Sdk sdk) {
    BackupStore store =
        listing(
            sdk,
            (request, page) -> {
              throw S3Exceptions.fromStatusCode(403);
            });

    assertThatThrownBy(() -> keys(store)).isInstanceOf(StoreAccessDeniedException.class);
  }

  @ParameterizedTest
  @EnumSource
  void deniedReadsAndWritesAreErrors(Sdk sdk) {
    RequestCount count = new RequestCount();
    String bucket = S3Server.newBucket();
    S3Server.setFaults(
        bucket,
        new Faults() {
          @Override
          public PutObjectResponse put(BlobStore real, PutObjectRequest request, InputStream body) {
            throw S3Exceptions.fromStatusCode(403);
          }

          @Override
          public ResponseInputStream<GetObjectResponse> get(
              BlobStore real, GetObjectRequest request) {
            throw S3Exceptions.fromStatusCode(403);
          }
        });
    BackupStore store = S3Server.store(sdk, bucket, count);

    assertThatThrownBy(() -> store.create("a", ONE)).isInstanceOf(StoreAccessDeniedException.class);
    assertThatThrownBy(() -> store.read("a", 1)).isInstanceOf(StoreAccessDeniedException.class);
    // What more attempts do not mend is not tried again.
    assertThat(count.take()).isEqualTo(new RequestCount.Counts(1, 1, 0, 0));
  }

  @ParameterizedTest
  @EnumSource
  void aBucketThatIsNotThereIsNoEmptyStore(Sdk sdk) {
    BackupStore store = S3Server.store(sdk, "no-such-bucket", new RequestCount());

    for (var call : List.<Runnable>of(() -> store.create("a", ONE), () -> keys(store))) {
      assertThatThrownBy(call::run)
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("NoSuchBucket")
          .hasMessageContaining("s3://no-such-bucket/backups/all");
    }
    assertThatThrownBy(() -> store.read("a", 1)).isInstanceOf(InvalidConfigurationException.class);
  }

  @ParameterizedTest
  @EnumSource
  void aServerThatIsNotThereIsAnError(Sdk sdk) {
    BackupStore store =
        sdk.store(
            "http://127.0.0.1:1",
            new S3Location("bucket", ""),
            S3Server.OPTIONS,
            new RequestCount());

    assertThatThrownBy(() -> store.read("a", 1))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("no whole answer");
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptedThreadStopsTryingAndStaysInterrupted(Sdk sdk) {
    BackupStore store =
        failing(
            sdk,
            new Faults() {
              @Override
              public ResponseInputStream<GetObjectResponse> get(
                  BlobStore real, GetObjectRequest request) {
                throw S3Exceptions.fromStatusCode(503);
              }
            });

    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> store.read("a", 1))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("interrupted");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void noMessageHoldsACredential(Sdk sdk) {
    BackupStore store =
        listing(
            sdk,
            (request, page) -> {
              throw S3Exceptions.fromStatusCode(403);
            });

    assertThatThrownBy(() -> keys(store))
        .isInstanceOfSatisfying(
            BackupException.class,
            failure ->
                assertThat(failure.getMessage() + failure.hint() + failure.getCause())
                    .doesNotContain(S3Server.secretKey(), S3Server.accessKey()));
  }

  private static BackupStore failing(Sdk sdk, Faults faults) {
    String bucket = S3Server.newBucket();
    S3Server.setFaults(bucket, faults);
    ObjectApi objects =
        sdk.objects(
            S3Server.endpoint(),
            bucket,
            S3Server.OPTIONS,
            new RequestCount(),
            SOCKET_TIMEOUT_MILLIS);
    return new S3BackupStore(objects, new S3Location(bucket, "p"), S3Server.OPTIONS, 10);
  }

  /** What becomes of a page. */
  private interface Tampering {
    ListObjectsV2Response with(ListObjectsV2Request request, ListObjectsV2Response page);
  }

  /** A store of 30 objects, in pages of ten. */
  private static BackupStore listing(Sdk sdk, Tampering tampering) {
    BackupStore store =
        failing(
            sdk,
            new Faults() {
              @Override
              public ListObjectsV2Response list(BlobStore real, ListObjectsV2Request request) {
                return tampering.with(request, real.list(request));
              }
            });
    createMany(store, 30);
    return store;
  }

  private static void goesNotForward(BackupStore store) {
    assertThatThrownBy(() -> keys(store))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("does not go forward");
  }

  private static List<String> createMany(BackupStore store, int count) {
    List<String> keys = IntStream.range(10, 10 + count).mapToObj(i -> "k/" + i).toList();
    keys.forEach(key -> store.create(key, ONE));
    return keys;
  }

  private static List<String> keys(BackupStore store) {
    try (Stream<StoredObject> objects = store.list("", "")) {
      return objects.map(StoredObject::key).toList();
    }
  }

  private static Faults bodies(UnaryOperator<InputStream> faulty) {
    return new Faults() {
      @Override
      public ResponseInputStream<GetObjectResponse> get(BlobStore real, GetObjectRequest request) {
        try (ResponseInputStream<GetObjectResponse> whole = real.getBlob(request)) {
          InputStream body = new ByteArrayInputStream(whole.readAllBytes());
          return new ResponseInputStream<>(whole.response(), faulty.apply(body));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  private static InputStream brokenAfter(int size, InputStream body) {
    return new Limited(
        size,
        body,
        () -> {
          throw new IOException("broken off");
        });
  }

  private static InputStream stalledAfter(int size, InputStream body, CountDownLatch end) {
    return new Limited(
        size,
        body,
        () -> {
          try {
            end.await();
          } catch (InterruptedException stopped) {
            throw new IOException(stopped);
          }
          throw new IOException("stood still");
        });
  }

  /** What happens instead of more bytes. */
  private interface Accident {
    void happen() throws IOException;
  }

  /** Gives so many bytes, and then the accident. */
  private static final class Limited extends FilterInputStream {
    private final Accident accident;
    private int left;

    Limited(int size, InputStream body, Accident accident) {
      super(body);
      this.left = size;
      this.accident = accident;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      if (left == 0) {
        accident.happen();
      }
      int got = super.read(bytes, offset, Math.min(count, left));
      left -= Math.max(0, got);
      return got;
    }
  }
}
