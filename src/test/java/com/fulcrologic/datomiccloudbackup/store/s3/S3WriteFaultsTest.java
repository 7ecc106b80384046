package com.fulcrologic.datomiccloudbackup.store.s3;

import static com.fulcrologic.datomiccloudbackup.store.s3.FaultyBucket.ONE;
import static com.fulcrologic.datomiccloudbackup.store.s3.FaultyBucket.keys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreAccessDeniedException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.s3.FaultyBucket.Countdown;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Faults of a real server while it is written to: how often a request is sent, and for how long.
 */
final class S3WriteFaultsTest {
  @ParameterizedTest
  @EnumSource
  void sendsAgainWhatTheServerHadNoTimeFor(Sdk sdk) {
    for (int status : new int[] {429, 500, 503}) {
      Countdown countdown = new Countdown();
      BackupStore store = FaultyBucket.store(sdk, Faults.answering(status, countdown::isDue));

      assertThat(store.create("a", ONE)).isTrue();
      assertThat(store.read("a", 10)).hasValue(ONE);
      countdown.requireSpent();
    }
  }

  @ParameterizedTest
  @EnumSource
  void findsItsOwnObjectAfterALostReply(Sdk sdk) {
    Countdown countdown = new Countdown();
    BackupStore store =
        FaultyBucket.store(
            sdk,
            Faults.ofPuts(
                (real, request, body) -> {
                  PutObjectResponse applied = real.putBlob(request, body);
                  if (request.key().endsWith("/a") && countdown.isDue()) {
                    throw S3Exceptions.fromStatusCode(500);
                  }
                  return applied;
                }));

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
        FaultyBucket.store(
            sdk,
            Faults.ofPuts(
                (real, request, body) -> {
                  if (request.key().endsWith("/a") && countdown.isDue()) {
                    throw S3Exceptions.fromStatusCode(409);
                  }
                  return real.putBlob(request, body);
                }));

    assertThat(store.create("a", ONE)).isTrue();
    countdown.requireSpent();
  }

  @ParameterizedTest
  @EnumSource
  void givesUpAfterSoManyAttempts(Sdk sdk) {
    AtomicInteger requests = new AtomicInteger();
    BackupStore store =
        FaultyBucket.store(sdk, Faults.answering(503, () -> requests.incrementAndGet() > 0));

    assertThatThrownBy(() -> store.create("a", ONE))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("503");
    assertThat(requests.get()).isEqualTo(2 * S3Server.OPTIONS.retryPolicy().attemptCountMax());
  }

  /** What more attempts do not mend is not tried again. */
  @ParameterizedTest
  @EnumSource
  void whatIsDeniedIsAskedForOnce(Sdk sdk) {
    RequestCount count = new RequestCount();
    String bucket = S3Server.newBucket();
    S3Server.setFaults(bucket, Faults.answering(403, () -> true));
    BackupStore store = S3Server.store(sdk, bucket, count);

    assertThatThrownBy(() -> store.create("a", ONE)).isInstanceOf(StoreAccessDeniedException.class);
    assertThatThrownBy(() -> store.read("a", 1)).isInstanceOf(StoreAccessDeniedException.class);
    assertThatThrownBy(() -> keys(store)).isInstanceOf(StoreAccessDeniedException.class);
    assertThat(count.take()).isEqualTo(new RequestCount.Counts(1, 1, 1, 0));
  }

  @ParameterizedTest
  @EnumSource
  void refusesAServerThatIgnoresTheCondition(Sdk sdk) {
    BackupStore store =
        FaultyBucket.store(
            sdk,
            Faults.ofPuts(
                (real, request, body) ->
                    real.putBlob(request.toBuilder().ifNoneMatch(null).build(), body)));

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> store.create("a", ONE))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("ignores If-None-Match");
    }
    assertThat(store.read("a", 10)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aBucketThatIsNotThereIsNoEmptyStore(Sdk sdk) {
    BackupStore store = S3Server.store(sdk, "no-such-bucket", new RequestCount());

    for (var call :
        List.<Runnable>of(
            () -> store.create("a", ONE), () -> keys(store), () -> store.read("a", 1))) {
      assertThatThrownBy(call::run)
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("NoSuchBucket")
          .hasMessageContaining("s3://no-such-bucket/backups/all");
    }
  }
}
