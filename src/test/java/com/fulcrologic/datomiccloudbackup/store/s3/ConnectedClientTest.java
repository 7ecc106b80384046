package com.fulcrologic.datomiccloudbackup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The client that the library makes itself retries nothing: its store does. */
class ConnectedClientTest {
  private static final int ATTEMPT_COUNT = RetryPolicy.DEFAULT.attemptCountMax();

  @BeforeAll
  static void setCredentials() {
    System.setProperty("aws.accessKeyId", "k");
    System.setProperty("aws.secretAccessKey", "s");
  }

  @AfterAll
  static void clearCredentials() {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  @Test
  void aRequestIsSentAsOftenAsTheStoreSays() throws IOException {
    RetryPolicy quick = new RetryPolicy(ATTEMPT_COUNT, Duration.ZERO, Duration.ZERO);
    try (ScriptedServer server = ScriptedServer.answering(503, "SlowDown")) {
      BackupStore store =
          AwsSdkV2.connect(
              new S3Location("bucket", "p"),
              new S3Endpoint(server.endpoint(), "us-east-1", /* isPathStyle= */ true),
              S3Options.DEFAULTS.withRetryPolicy(quick));
      assertThatThrownBy(() -> store.create("a", new byte[1])).isInstanceOf(StoreException.class);
      assertThat(server.requestCount()).isEqualTo(ATTEMPT_COUNT).isEqualTo(10);
    }
  }
}
