package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;
import com.fulcrologic.datomiccloudbackup.testing.ChildJvm;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Canaries in whatever may hold a secret: none is ever printed. */
class SecretsTest {
  private static final String CANARY = "c4n4ry";

  @TempDir private static Path directory;
  private static String map;
  private static String store;

  @BeforeAll
  static void makeSource() {
    map =
        "{:server-type :datomic-local :system \"s\" :secret \""
            + CANARY
            + "\" :creds {:key \""
            + CANARY
            + "\"} :storage-dir "
            + Edn.write(directory.resolve("storage").toString())
            + "}";
    store = StoreUris.of(directory.resolve("backup"));
    DatomicClient client = DatomicClient.ofEdn(map);
    client.createDatabase("world");
    SampleWorld.fill(client.connect("world"));
  }

  @Test
  void commandsThatGoWellPrintNone() {
    quiet(0, "backup", "--source", map, "--db", "world", "--store", store);
    quiet(0, "backup", "--source", map, "--db", "world", "--store", store);
    quiet(0, "repair", "--source", map, "--db", "world", "--store", store);
    quiet(0, "backup", "--source", map, "--all-databases", "--store", store);
    quiet(
        0,
        "restore",
        "--target",
        map,
        "--db",
        "copy",
        "--create",
        "--store",
        store,
        "--name",
        "world");
  }

  @Test
  void failuresPrintNone() throws IOException {
    String ion = "{:server-type :ion :region \"" + CANARY + "\" :system \"" + CANARY + "\"}";
    quiet(2, "backup", "--source", ion, "--db", "world", "--store", store);
    quiet(2, "backup", "--source", "{:a " + CANARY, "--db", "world", "--store", store);
    quiet(2, "backup", "--source", "\"" + CANARY + "\"", "--db", "world", "--store", store);
    quiet(2, "backup", "--source", "#" + CANARY + "{}", "--db", "world", "--store", store);
    quiet(10, "backup", "--source", map, "--db", "none", "--store", store);
    quiet(2, "backup", "--source", map, "--db", "world", "--store", "s3://k:" + CANARY + "@b/p");
    quiet(2, "segments", "--store", "s3://b/p?secret=" + CANARY, "--name", "world");
    quiet(2, "segments", "--store", "file:/x?secret=" + CANARY, "--name", "world");
    quiet(2, "backup", "--source", "{:server-type", ":ion", ":secret", CANARY + "}");
    quiet(2, "backup", "--secret=" + CANARY);
    quiet(2, "backup", "--json=" + CANARY);
    quiet(2, "backup", "--parallelism", CANARY);
    quiet(2, CANARY + "=" + CANARY);
    Path file = Files.writeString(directory.resolve("map.edn"), "{:secret \"" + CANARY);
    quiet(2, "backup", "--source", "@" + file, "--db", "world", "--store", store);
    // What is in a database is nobody's business either.
    quiet(
        2,
        "restore",
        "--target",
        map,
        "--db",
        "world",
        "--store",
        store + "/none/there",
        "--name",
        "world");
  }

  /** Of what others have thrown, the text may hold anything. */
  @Test
  void aTraceTellsNoTextOfOthers() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    Exception cause = new IOException(CANARY, new IllegalArgumentException(CANARY));
    for (Exception failure :
        List.of(
            new IllegalStateException(CANARY, cause),
            new StoreException("Failed to write", "look at the cause", cause))) {
      new Failures(new Console(stream, stream, false), List.of("--verbose", "--json"))
          .print(failure);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("java.io.IOException", "Failed to write")
        .doesNotContain(CANARY);
  }

  /** Here nothing of another test has set up the logging. */
  @Test
  void aProcessOfItsOwnPrintsNoneAtTrace() throws IOException, InterruptedException {
    quiet(0, "backup", "--source", map, "--db", "world", "--store", store);
    CommandRun run =
        ownProcess(
            "restore",
            "--verbose",
            "--target",
            map.replace("storage\"", "storage-2\""),
            "--db",
            "copy",
            "--create",
            "--store",
            store,
            "--name",
            "world");
    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out()).contains("restored t 0 to", "restored backup=world");
    assertThat(run.out()).doesNotContain(CANARY);
  }

  @Test
  void aDatabaseThatAnotherProcessUsesIsBusy() throws IOException, InterruptedException {
    CommandRun run =
        ownProcess("backup", "--source", map, "--db", "world", "--store", store, "--json");
    assertThat(run.exitCode()).as(run.out()).isEqualTo(3);
    assertThat(run.out())
        .contains("world: another process uses it", "one process at a time")
        .doesNotContain(CANARY);
  }

  private static CommandRun ownProcess(String... args) throws IOException, InterruptedException {
    List<String> trace =
        List.of(
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
            "-Dorg.slf4j.simpleLogger.log.com.fulcrologic.datomiccloudbackup=trace");
    List<String> command = ChildJvm.command(trace, Main.class, args);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream output = process.getInputStream()) {
      String printed = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      return new CommandRun(process.waitFor(), printed, "");
    }
  }

  private static void quiet(int exitCode, String... args) {
    for (List<String> more : List.of(List.of("--verbose"), List.of("--verbose", "--json"))) {
      CommandRun run =
          CommandRun.of(Stream.concat(Stream.of(args), more.stream()).toArray(String[]::new));
      assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
      assertThat(run.out() + run.err()).doesNotContain(CANARY);
    }
  }
}
