package com.fulcrologic.datomiccloudbackup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreAccessDeniedException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each refusal of a server becomes the failure that tells what to do. */
final class S3FailuresTest {
  @ParameterizedTest
  @CsvSource({
    "301, PermanentRedirect, configuration",
    "400, AuthorizationHeaderMalformed, configuration",
    "400, KMS.NotFoundException, configuration",
    "501, NotImplemented, configuration",
    "400, ExpiredToken, denied",
    "401, Unauthorized, denied",
    "403, SignatureDoesNotMatch, denied",
    "403, InvalidObjectState, store",
    "403, QuotaExceeded, full",
    "507, XMinioStorageFull, full",
    "404, NoSuchUpload, store",
    "405, MethodNotAllowed, store",
    "429, TooManyRequests, store",
  })
  void refusalsAreTold(int status, String code, String kind) throws IOException {
    try (ScriptedServer server = ScriptedServer.answering(status, code)) {
      for (Sdk sdk : Sdk.values()) {
        BackupStore store = store(sdk, server);
        for (Runnable call : calls(store)) {
          assertThatThrownBy(call::run)
              .isInstanceOf(exception(kind))
              .hasMessageContaining(kind.equals("full") ? "no room left" : "Failed to ");
        }
      }
    }
  }

  private static Class<? extends BackupException> exception(String kind) {
    return switch (kind) {
      case "configuration" -> InvalidConfigurationException.class;
      case "denied" -> StoreAccessDeniedException.class;
      default -> StoreException.class;
    };
  }

  /** As a captive portal's, or a wrong port's: nothing is there, and nothing was written. */
  @ParameterizedTest
  @ValueSource(ints = {200, 404})
  void aPageOfAnotherServerIsNoAnswer(int status) throws IOException {
    try (ScriptedServer server =
        ScriptedServer.answeringBody(status, "<html><body>Welcome</body></html>")) {
      for (Sdk sdk : Sdk.values()) {
        BackupStore store = store(sdk, server);
        assertThatThrownBy(() -> store.create("a", new byte[1])).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> keys(store)).isInstanceOf(StoreException.class);
        if (status == 404) {
          assertThatThrownBy(() -> store.read("a", 1)).isInstanceOf(StoreException.class);
        }
      }
    }
  }

  /** An object of no bytes has no first one; some servers say so by the status alone. */
  @Test
  void anEmptyObjectIsReadWithoutWords() throws IOException {
    try (ScriptedServer server = ScriptedServer.answeringBody(416, "")) {
      for (Sdk sdk : Sdk.values()) {
        assertThat(store(sdk, server).read("a", 1)).hasValue(new byte[0]);
      }
    }
  }

  /** The first SDK cannot tell it from a size of 0. */
  @Test
  void aListingWithoutSizesIsNoAnswer() throws IOException {
    String listing =
        "<ListBucketResult><Name>bucket</Name><IsTruncated>false</IsTruncated>"
            + "<Contents><Key>p/a</Key></Contents></ListBucketResult>";
    try (ScriptedServer server = ScriptedServer.answeringBody(200, listing)) {
      BackupStore store = store(Sdk.V2, server);
      assertThatThrownBy(() -> keys(store))
          .isInstanceOfSatisfying(
              StoreException.class, failure -> assertThat(failure.hint()).contains("not from S3"));
    }
  }

  @Test
  void aBodyThatIsShorterThanTheObjectIsNoAnswer() {
    assertThatThrownBy(
            () -> Body.read(new ByteArrayInputStream(new byte[9]), () -> 10, 100, () -> {}))
        .isInstanceOf(EOFException.class);
    assertThatThrownBy(
            () -> Body.read(new ByteArrayInputStream(new byte[9]), () -> 100, 10, () -> {}))
        .isInstanceOf(EOFException.class);
  }

  @Test
  void aTricklingBodyIsEnded() {
    AtomicLong now = new AtomicLong();
    assertThatThrownBy(
            () ->
                Body.read(
                    new ByteArrayInputStream(new byte[1_000_000]),
                    1_000_000,
                    1_000_000,
                    () -> now.getAndAdd(TimeUnit.SECONDS.toNanos(65))))
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void aSlowBodyIsRead() {
    AtomicLong now = new AtomicLong();
    assertThatCode(
            () ->
                Body.read(
                    new ByteArrayInputStream(new byte[1_000_000]),
                    1_000_000,
                    1_000_000,
                    () -> now.getAndAdd(TimeUnit.SECONDS.toNanos(3))))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ab", "A-bucket", "a..b", "k:s@bucket", "bucket/", "b\u0000cket"})
  void refusesWhatIsNoBucket(String bucket) {
    assertThatThrownBy(() -> new S3Location(bucket, ""))
        .isInstanceOf(InvalidConfigurationException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/a", "a/", "a//b", ".", "a/..", "../a", "a b", "ä", "a%20b", "a?b"})
  void refusesWhatIsNoPrefix(String prefix) {
    assertThatThrownBy(() -> new S3Location("bucket", prefix))
        .isInstanceOf(InvalidConfigurationException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a/b", "Prod.v1/x_y-z", "..a", "a/..."})
  void acceptsPrefixes(String prefix) {
    assertThat(new S3Location("bucket", prefix).keyPrefix())
        .isEqualTo(prefix.isEmpty() ? "" : prefix + "/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "ftp://h",
        "http://k:s@h",
        "http://h/path",
        "http://h?a=b",
        "http://h#f",
        "http://h:65536",
        "http://h:0",
        "http:///"
      })
  void refusesWhatIsNoEndpoint(String uri) {
    assertThatThrownBy(() -> new S3Endpoint(uri, "", true))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageNotContaining(uri);
  }

  @Test
  void refusesWhatCannotBeReadAtOnce() {
    assertThatThrownBy(() -> S3Options.DEFAULTS.withStorageClass("DEEP_ARCHIVE"))
        .isInstanceOf(InvalidConfigurationException.class);
    assertThatThrownBy(() -> S3Options.DEFAULTS.withSseKms("a b"))
        .isInstanceOf(InvalidConfigurationException.class);
  }

  /** Only who has no credentials is told so: the chain is asked in a process that has none. */
  @ParameterizedTest
  @EnumSource
  void aFaultWithoutAnAnswerThatNoAttemptMendsIsNotRepeated(Sdk sdk) {
    ObjectFault fault =
        ObjectFault.unanswered(new IllegalStateException("Unable to load credentials from " + sdk));

    assertThat(fault.isTransient()).isFalse();
    assertThat(new S3Failures(new S3Location("bucket", "")).classify("read a", fault))
        .isInstanceOf(StoreAccessDeniedException.class);
  }

  private static BackupStore store(Sdk sdk, ScriptedServer server) {
    return sdk.store(
        server.endpoint(), new S3Location("bucket", "p"), S3Server.OPTIONS, new RequestCount());
  }

  private static List<Runnable> calls(BackupStore store) {
    return List.of(
        () -> store.create("a", new byte[1]), () -> store.read("a", 1), () -> keys(store));
  }

  private static List<StoredObject> keys(BackupStore store) {
    try (Stream<StoredObject> objects = store.list("", "")) {
      return objects.toList();
    }
  }
}
