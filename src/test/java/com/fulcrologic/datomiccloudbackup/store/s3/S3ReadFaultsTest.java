package com.fulcrologic.datomiccloudbackup.store.s3;

import static com.fulcrologic.datomiccloudbackup.store.s3.FaultyBucket.keys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.s3.FaultyBucket.Countdown;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Faults of a real server, and of the way to it, while it is read from. */
final class S3ReadFaultsTest {
  private static final byte[] CONTENT = new byte[300_000];

  static {
    new Random(1).nextBytes(CONTENT);
  }

  @ParameterizedTest
  @EnumSource
  void readsAgainWhatBrokeOff(Sdk sdk) {
    Countdown countdown = new Countdown();
    BackupStore store =
        FaultyBucket.store(
            sdk,
            FaultyBodies.of(
                body -> countdown.isDue() ? FaultyBodies.brokenAfter(100_000, body) : body));
    store.create("a", CONTENT);

    assertThat(Arrays.equals(store.read("a", 1_000_000).orElseThrow(), CONTENT)).isTrue();
    countdown.requireSpent();
  }

  @ParameterizedTest
  @EnumSource
  void readsNoFurtherThanItHasTo(Sdk sdk) {
    BackupStore store =
        FaultyBucket.store(sdk, FaultyBodies.of(body -> FaultyBodies.brokenAfter(100_000, body)));
    store.create("a", CONTENT);

    assertThatThrownBy(() -> store.read("a", 1_000_000))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("no whole answer");
    assertThat(store.read("a", 50_000))
        .hasValueSatisfying(start -> assertThat(start).hasSize(50_000));
  }

  @ParameterizedTest
  @EnumSource
  void readsAgainWhatStoodStill(Sdk sdk) {
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger stalls = new AtomicInteger(1);
    BackupStore store =
        FaultyBucket.store(
            sdk,
            FaultyBodies.of(
                body ->
                    stalls.getAndDecrement() > 0
                        ? FaultyBodies.stalledAfter(100_000, body, end)
                        : body));
    store.create("a", CONTENT);

    assertThat(Arrays.equals(store.read("a", 1_000_000).orElseThrow(), CONTENT)).isTrue();
    end.countDown();
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
    BackupStore store = FaultyBucket.store(sdk, Faults.answering(503, () -> true));

    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> store.read("a", 1))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("interrupted");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  /** S3 tells whose signature it refused, and a proxy may repeat whatever it was sent. */
  @ParameterizedTest
  @EnumSource
  void noMessageHoldsACredential(Sdk sdk) throws IOException {
    String said = "refused " + S3Server.accessKey() + " with " + S3Server.secretKey();
    String body =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code><Message>%s</Message></Error>";
    for (String code : List.of("SignatureDoesNotMatch", said)) {
      try (ScriptedServer server = ScriptedServer.answeringBody(403, body.formatted(code, said))) {
        BackupStore store =
            sdk.store(
                server.endpoint(),
                new S3Location("bucket", "p"),
                S3Server.OPTIONS,
                new RequestCount());
        assertThatThrownBy(() -> keys(store))
            .isInstanceOfSatisfying(
                BackupException.class,
                failure -> {
                  assertThat(failure.getCause()).as("it was said").hasMessageContaining(said);
                  assertThat(failure.getMessage() + failure.hint())
                      .doesNotContain(S3Server.secretKey(), S3Server.accessKey());
                });
      }
    }
  }
}
