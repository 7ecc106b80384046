package com.fulcrologic.datomiccloudbackup.store.s3;

import static com.fulcrologic.datomiccloudbackup.store.s3.FaultyBucket.createMany;
import static com.fulcrologic.datomiccloudbackup.store.s3.FaultyBucket.keys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.s3.FaultyBucket.Countdown;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Listings of a real server that are not what they should be. */
final class S3ListingFaultsTest {
  private static final int OBJECT_COUNT = 30;

  /** Whoever asks for more pages than that goes round in a circle. */
  private static final int PAGE_COUNT_MAX = 40;

  @ParameterizedTest
  @EnumSource
  void aFailedPageIsAskedForAgain(Sdk sdk) {
    Countdown countdown = new Countdown();
    BackupStore store =
        listing(
            sdk,
            (number, page) -> {
              if (number > 1 && countdown.isDue()) {
                throw S3Exceptions.fromStatusCode(500);
              }
              return page;
            });
    List<String> keys = createMany(store, OBJECT_COUNT);

    assertThat(keys(store)).isEqualTo(keys);
    countdown.requireSpent();
  }

  @ParameterizedTest
  @EnumSource
  void aStalePageEndsTheListing(Sdk sdk) {
    ListObjectsV2Response[] first = new ListObjectsV2Response[1];
    goesNotForward(
        listing(
            sdk,
            (number, page) -> {
              first[0] = first[0] == null ? page : first[0];
              return first[0];
            }));
  }

  @ParameterizedTest
  @EnumSource
  void anUnsortedPageEndsTheListing(Sdk sdk) {
    goesNotForward(
        listing(
            sdk,
            (number, page) -> {
              List<S3Object> reversed = new ArrayList<>(page.contents());
              Collections.reverse(reversed);
              return page.toBuilder().contents(reversed).build();
            }));
  }

  @ParameterizedTest
  @EnumSource
  void twoKeysOutOfOrderOnTheSecondPageEndTheListing(Sdk sdk) {
    goesNotForward(
        listing(
            sdk,
            (number, page) -> {
              List<S3Object> swapped = new ArrayList<>(page.contents());
              if (number == 2) {
                Collections.swap(swapped, 4, 5);
              }
              return page.toBuilder().contents(swapped).build();
            }));
  }

  @ParameterizedTest
  @EnumSource
  void aKeyThatIsToldTwiceEndsTheListing(Sdk sdk) {
    goesNotForward(
        listing(
            sdk,
            (number, page) -> {
              List<S3Object> twice = new ArrayList<>(page.contents());
              twice.add(3, twice.get(3));
              return page.toBuilder().contents(twice).build();
            }));
  }

  @ParameterizedTest
  @EnumSource
  void keysThatWereNotAskedForEndTheListing(Sdk sdk) {
    BackupStore store =
        listing(
            sdk,
            (number, page) ->
                page.toBuilder()
                    .contents(
                        page.contents().stream()
                            .map(
                                object ->
                                    object.toBuilder()
                                        .key(
                                            object
                                                .key()
                                                .replace(
                                                    S3Server.PREFIX + "/k/",
                                                    S3Server.PREFIX + "/l/"))
                                        .build())
                            .toList())
                    .build());
    createMany(store, OBJECT_COUNT);

    assertThatThrownBy(() -> store.list("k/", "").toList())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("does not go forward");
  }

  /** As S3 gives where many objects were deleted: what follows its token is not lost. */
  @ParameterizedTest
  @EnumSource
  void anEmptyPageInTheMiddleIsPassed(Sdk sdk) {
    List<String> tokens = new ArrayList<>();
    BackupStore store =
        FaultyBucket.store(
            sdk,
            new Faults() {
              @Override
              public ListObjectsV2Response list(BlobStore real, ListObjectsV2Request request) {
                String token = request.continuationToken();
                tokens.add(String.valueOf(token));
                return token != null
                    ? real.list(
                        request.toBuilder().continuationToken(null).startAfter(token).build())
                    : ListObjectsV2Response.builder()
                        .isTruncated(true)
                        .nextContinuationToken(
                            request.startAfter() == null ? S3Server.PREFIX : request.startAfter())
                        .build();
              }
            });
    List<String> keys = createMany(store, OBJECT_COUNT);

    assertThat(keys(store)).isEqualTo(keys);
    assertThat(tokens).contains("null", S3Server.PREFIX, S3Server.PREFIX + "/k/18");
  }

  @Test
  void nothingButEmptyPagesEndsTheListing() {
    AtomicInteger pages = new AtomicInteger();
    S3Listing listing =
        new S3Listing(
            (position, token) ->
                new ObjectApi.Page(List.of(), false, "token-" + pages.incrementAndGet()),
            "p/",
            "",
            "",
            new S3Failures(new S3Location("bucket", "p")));

    assertThatThrownBy(listing::next)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("does not go forward");
    assertThat(pages).hasValue(1 + S3Listing.EMPTY_PAGE_COUNT_MAX);
  }

  /** Truncated, and without a token: the server that the others use sends no such page. */
  @ParameterizedTest
  @EnumSource
  void anEmptyPageThatLeadsNowhereEndsTheListing(Sdk sdk) throws IOException {
    String page =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
            + "<Name>bucket</Name><Prefix>p/</Prefix><KeyCount>0</KeyCount>"
            + "<MaxKeys>1000</MaxKeys><IsTruncated>true</IsTruncated></ListBucketResult>";
    RequestCount count = new RequestCount();
    try (ScriptedServer server = ScriptedServer.answeringBody(200, page)) {
      BackupStore store =
          sdk.store(server.endpoint(), new S3Location("bucket", "p"), S3Server.OPTIONS, count);
      assertThatThrownBy(() -> keys(store))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("does not go forward");
      assertThat(count.take().lists()).isEqualTo(1);
    }
  }

  /** What becomes of a page, counted from 1. */
  private interface Tampering {
    ListObjectsV2Response with(int number, ListObjectsV2Response page);
  }

  private static BackupStore listing(Sdk sdk, Tampering tampering) {
    AtomicInteger pages = new AtomicInteger();
    return FaultyBucket.store(
        sdk,
        Faults.ofPages(
            (request, page) -> {
              int number = pages.incrementAndGet();
              if (number > PAGE_COUNT_MAX) {
                throw S3Exceptions.fromStatusCode(403);
              }
              return tampering.with(number, page);
            }));
  }

  private static void goesNotForward(BackupStore store) {
    createMany(store, OBJECT_COUNT);
    assertThatThrownBy(() -> keys(store))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("does not go forward");
  }
}
