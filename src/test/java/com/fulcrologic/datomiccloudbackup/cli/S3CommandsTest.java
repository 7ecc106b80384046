package com.fulcrologic.datomiccloudbackup.cli;

import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.failing;
import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.succeeding;
import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.store.s3.S3Server;
import com.fulcrologic.datomiccloudbackup.testing.ChildJvm;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands, with a store on a real S3 server and credentials from the SDK's default chain. */
class S3CommandsTest {
  private static final String SESSION_TOKEN = "s3-c4n4ry-session-token";

  @TempDir private static Path directory;
  private static LocalSystem sources;
  private static LocalSystem targets;
  private static DatomicConnection source;

  @BeforeAll
  static void makeSource() {
    sources = LocalSystem.in(directory.resolve("sources"));
    targets = LocalSystem.in(directory.resolve("targets"));
    source = sources.database("world");
    SampleWorld.fill(source);
    System.setProperty("aws.accessKeyId", S3Server.accessKey());
    System.setProperty("aws.secretAccessKey", S3Server.secretKey());
  }

  @AfterAll
  static void clear() {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  private static String uri(String bucket, String more) {
    return "s3://" + bucket + "/prod/db?endpoint=" + S3Server.endpoint() + "&pathStyle=true" + more;
  }

  @Test
  void aDatabaseIsBackedUpAndRestored() {
    String bucket = S3Server.newBucket();
    String store = uri(bucket, "&sse=AES256&storageClass=STANDARD_IA");
    CommandRun backup =
        succeeding(
            "backup",
            "--source",
            sources.clientMap(),
            "--db",
            "world",
            "--store",
            store,
            "--txns-per-segment",
            "20");
    assertThat(backup.err().lines())
        .as("but for progress")
        .allMatch(line -> line.startsWith("backup:"));
    assertThat(backup.out()).contains("backup world in s3://" + bucket + "/prod/db");
    assertThat(succeeding("segments", "--store", store, "--name", "world").out())
        .contains("t 0 to 19");
    assertThat(succeeding("gaps", "--store", store, "--name", "world").out()).startsWith("no gap");
    succeeding(
        "restore",
        "--store",
        store,
        "--name",
        "world",
        "--target",
        targets.clientMap(),
        "--db",
        "restored",
        "--create");
    LogComparison.assertEqual(source, targets.database("restored"));
  }

  @Test
  void whatGoesWrongHasItsExitCode() {
    failing(ExitCode.USAGE, "segments", "--store", uri("no-such-bucket", ""), "--name", "world");
    failing(
        ExitCode.NOT_FOUND, "segments", "--store", uri(S3Server.newBucket(), ""), "--name", "w");
  }

  /** One line that says so and one hint, with and without --json, and no credential in either. */
  @Test
  void whoIsDeniedAccessIsToldByEveryCommandThatOpensAStore() {
    String store = uri(S3Server.newBucket(), "");
    String[] backup = {"--source", sources.clientMap(), "--db", "world", "--store", store};
    succeeding(with("backup", backup));
    System.setProperty("aws.secretAccessKey", "wrong-c4n4ry");
    try {
      String[] stored = {"--store", store, "--name", "world"};
      for (String command : List.of("segments", "gaps", "check", "compact")) {
        assertDenied(with(command, stored));
      }
      assertDenied(with("check", with("--level", with("names", stored))));
      assertDenied(with("verify", with("--restore", stored)));
      for (String command : List.of("backup", "repair", "status")) {
        assertDenied(with(command, backup));
      }
      assertDenied(
          with(
              "restore",
              with(
                  "--create",
                  with(
                      "--target",
                      with(targets.clientMap(), with("--db", with("denied", stored)))))));
    } finally {
      System.setProperty("aws.secretAccessKey", S3Server.secretKey());
    }
  }

  private static void assertDenied(String... args) {
    CommandRun denied = failing(ExitCode.ACCESS_DENIED, args);
    assertThat(denied.err()).contains("access denied", "s3:ListBucket").doesNotContain("c4n4ry");
  }

  private static String[] with(String first, String... more) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void aUriThatIsNotUsableIsRefusedUnquoted() {
    for (String unusable :
        List.of(
            "s3://key:c4n4ry@bucket/p",
            "s3://c4n4ry@bucket/p",
            "s3://bucket:c4n4ry/p",
            "s3:///c4n4ry",
            "s3:c4n4ry",
            "s3://bucket/p#c4n4ry",
            "s3://bucket/c4n4ry%20p",
            "s3://bucket/c4n4ry//p",
            "s3://C4n4ry/p",
            "s3://bucket/p?c4n4ry",
            "s3://bucket/p?secretKey=c4n4ry",
            "s3://bucket/p?region=a&region=c4n4ry",
            "s3://bucket/p?region=C4n4ry",
            "s3://bucket/p?pathStyle=c4n4ry",
            "s3://bucket/p?endpoint=http://key:c4n4ry@host",
            "s3://bucket/p?endpoint=c4n4ry",
            "s3://bucket/p?sse=c4n4ry",
            "s3://bucket/p?sse=AES256&kmsKey=c4n4ry",
            "s3://bucket/p?storageClass=c4n4ry")) {
      CommandRun run = failing(ExitCode.USAGE, "segments", "--store", unusable, "--name", "w");
      assertThat(run.err()).as(unusable).doesNotContainIgnoringCase("c4n4ry");
    }
  }

  @Test
  void aProcessOfItsOwnPrintsNoCredentialAtTrace() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                ChildJvm.command(
                    List.of(
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                        "-Daws.accessKeyId=" + S3Server.accessKey(),
                        "-Daws.secretAccessKey=" + S3Server.secretKey(),
                        "-Daws.sessionToken=" + SESSION_TOKEN),
                    Main.class,
                    "segments",
                    "--verbose",
                    "--store",
                    uri(S3Server.newBucket(), ""),
                    "--name",
                    "w"))
            .redirectErrorStream(true)
            .start();
    try (InputStream output = process.getInputStream()) {
      String printed = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(printed).isEqualTo(ExitCode.NOT_FOUND);
      assertThat(printed)
          .contains("this store holds no backup at all")
          .doesNotContain("c4n4ry", S3Server.accessKey());
    }
  }
}
