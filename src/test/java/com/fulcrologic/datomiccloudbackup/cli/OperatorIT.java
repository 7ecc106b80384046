package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.store.s3.S3Server;
import com.fulcrologic.datomiccloudbackup.testing.CuttableProxy;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.OwnProcess;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an operator goes through who has the jar, the README and the documents: sets up a job, loses
 * the network, the store's permission, the store, the process and at last the database, and gets
 * each of them back. It takes the packaged jar, real processes and a real S3 server.
 *
 * <p>The source is a directory of Datomic Local, which belongs to one process at a time. So the
 * following job shares its process with the application that writes ({@link OperatedSystem}), and
 * commands that need the source run there while it lives; all others are {@code java -jar}, as is a
 * scheduled backup, which runs when that process has ended.
 */
class OperatorIT {
  private static final Path JAR =
      Path.of(System.getProperty("cli.jar", "target/datomic-cloud-backup-cli.jar"));
  private static final String ALIVE = "beat";

  private final LinkedBlockingQueue<String> beats = new LinkedBlockingQueue<>();
  private final String bucket = S3Server.newBucket();

  @TempDir private Path directory;
  private CuttableProxy network;
  private HttpServer watch;

  @BeforeEach
  void begin() throws IOException {
    network = new CuttableProxy();
    network.leadTo(S3Server.endpoint());
    watch = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    watch.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
          beats.add(ALIVE);
        });
    watch.start();
  }

  @AfterEach
  void end() throws IOException {
    network.close();
    watch.stop(0);
  }

  @Test
  void everythingBreaksAndComesBack() throws Exception {
    try (OwnProcess job = startJob()) {
      job.await(0, "backup up to date");
      requireBeat();
      assertThat(status(job)).startsWith("status ended with 0: ");

      loseTheNetwork(job);

      loseThePermission(job);
    }
    assertThat(jar("status", sourceAnd(store(S3Server.endpoint()), "--max-lag", "15m")))
        .isEqualTo(ExitCode.STALE);

    network.leadTo(S3Server.endpoint());
    try (OwnProcess job = startJob()) {
      requireCatchesUp(job, 0);
      loseTheStore(job);
    }

    network.leadTo(S3Server.endpoint());
    try (OwnProcess job = startJob()) {
      requireCatchesUp(job, 0);
      loseTheProcess(job);
    }
    assertThat(jar("status", sourceAnd(store(), "--max-lag", "15m"))).isEqualTo(ExitCode.STALE);
    try (OwnProcess job = startJob()) {
      requireCatchesUp(job, 0);
      write(job, 2);
      job.terminate();
      assertThat(job.exitCode()).isEqualTo(143);
      assertThat(job.toString()).contains("stopped, after ");
    }
    assertThat(jar("backup", sourceAnd(store()))).isZero();
    assertThat(jar("status", sourceAnd(store(), "--max-lag", "1s"))).isZero();

    loseTheDatabase();
  }

  /** The lag rises, nobody is told that all is well, and it goes on by itself. */
  private void loseTheNetwork(OwnProcess job) throws Exception {
    network.cut();
    int seen = job.lineCount();
    write(job, 2);
    while (beats.poll(2, TimeUnit.SECONDS) != null) {} // of polls that were on their way
    String direct = status(job, store(S3Server.endpoint()));
    assertThat(direct).startsWith("status ended with 27: ").contains("2 t behind", "hint: ");
    // From where the job is, the store is not reached either, and no lag is made up.
    ask(job, store());
    job.await(seen, "backup 2 t behind");
    job.await(seen, "there was no whole answer");
    assertThat(job.await(seen, "status ended with 1: ")).contains("there was no whole answer");
    assertThat(beats).as("while it is stale").isEmpty();
    int stale = job.lineCount();
    network.leadTo(S3Server.endpoint());
    requireCatchesUp(job, stale);
  }

  /** A server that knows no such key: this does not pass by itself, so the job ends. */
  private void loseThePermission(OwnProcess job) throws Exception {
    writeUnseen(job);
    network.leadTo(S3Server.startEmpty("another-key", "another-secret"));
    assertThat(job.exitCode()).as(job.toString()).isEqualTo(ExitCode.ACCESS_DENIED);
    assertThat(job.toString()).contains("error: ", "hint: Allow s3:ListBucket");
  }

  /** The server is there, the bucket is not. */
  private void loseTheStore(OwnProcess job) throws Exception {
    writeUnseen(job);
    network.leadTo(S3Server.startEmpty(S3Server.accessKey(), S3Server.secretKey()));
    assertThat(job.exitCode()).as(job.toString()).isEqualTo(ExitCode.USAGE);
    assertThat(job.toString()).contains("NoSuchBucket", "hint: Check the bucket's name");
  }

  /** Killed with transactions in the source that it could not store. */
  private void loseTheProcess(OwnProcess job) throws Exception {
    writeUnseen(job);
    job.kill();
    assertThat(job.exitCode()).isEqualTo(137);
    network.leadTo(S3Server.endpoint());
  }

  /** Step by step what docs/disaster-runbook.adoc says. */
  private void loseTheDatabase() throws Exception {
    Path kept = directory.resolve("kept"); // by the test, to compare; the operator has it no more
    Files.move(directory.resolve("source"), kept);
    assertThat(jar("backup", sourceAnd(store()))).isEqualTo(ExitCode.NOT_FOUND);
    String[] stored = {"--store", store(), "--name", "orders"};
    assertThat(jar("gaps", stored)).isZero();
    assertThat(jar("check", with(stored, "--level", "hash"))).isZero();
    String[] target = with(stored, "--target", clientMap("elsewhere"), "--db", "orders-2");
    assertThat(jar("restore", with(target, "--create"))).isZero();
    Path receipt = directory.resolve("receipt.json");
    assertThat(jar("verify", with(target, "--receipt", receipt.toString()))).isZero();
    assertThat(receipt).content().contains("\"equal\":true");
    LogComparison.assertEqual(open("kept", "orders"), open("elsewhere", "orders-2"));
  }

  private DatomicConnection open(String place, String databaseName) {
    return DatomicClient.ofEdn(clientMap(place)).connect(databaseName);
  }

  /** With the store out of reach: what ends the job next cannot do so before it has written. */
  private void writeUnseen(OwnProcess job) throws Exception {
    network.cut();
    write(job, 2);
  }

  private void requireCatchesUp(OwnProcess job, int fromLine) throws Exception {
    job.await(fromLine, "backup up to date");
    beats.clear();
    requireBeat();
    assertThat(status(job)).startsWith("status ended with 0: ").contains("nothing is missing");
  }

  private void requireBeat() throws InterruptedException {
    assertThat(beats.poll(3, TimeUnit.MINUTES)).isEqualTo(ALIVE);
  }

  private String status(OwnProcess job) throws Exception {
    return status(job, store());
  }

  private String status(OwnProcess job, String store) throws Exception {
    int seen = job.lineCount();
    ask(job, store);
    return job.await(seen, "status ended with ");
  }

  private void ask(OwnProcess job, String store) throws IOException {
    List<String> command = new ArrayList<>(List.of("status"));
    command.addAll(List.of(sourceAnd(store, "--max-lag", "15m")));
    job.say(Edn.write(command));
  }

  private static void write(OwnProcess job, int count) throws Exception {
    int seen = job.lineCount();
    job.say("[" + count + "]");
    job.await(seen, "written up to t ");
  }

  private OwnProcess startJob() throws IOException {
    Path tests =
        Path.of(OperatedSystem.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-cp", JAR + File.pathSeparator + tests));
    arguments.addAll(List.of(OperatedSystem.class.getName(), clientMap("source"), "orders"));
    arguments.addAll(List.of("backup", "--follow", "--poll", "100ms", "--max-lag", "15m"));
    arguments.addAll(
        List.of("--heartbeat", "http://127.0.0.1:" + watch.getAddress().getPort() + "/orders"));
    arguments.addAll(List.of(sourceAnd(store())));
    return java(arguments);
  }

  /** Runs the jar to its end; answers its exit code. */
  private int jar(String command, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("-jar", JAR.toString(), command));
    all.addAll(List.of(arguments));
    try (OwnProcess process = java(all)) {
      int exitCode = process.exitCode();
      System.out.println(command + " ended with " + exitCode + ": " + process);
      return exitCode;
    }
  }

  private static OwnProcess java(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("AWS_ACCESS_KEY_ID", S3Server.accessKey());
    builder.environment().put("AWS_SECRET_ACCESS_KEY", S3Server.secretKey());
    return new OwnProcess(builder);
  }

  private String[] sourceAnd(String store, String... more) {
    return with(
        new String[] {"--source", clientMap("source"), "--db", "orders", "--store", store}, more);
  }

  private static String[] with(String[] arguments, String... more) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private String clientMap(String place) {
    return "{:server-type :datomic-local :system \"prod\" :storage-dir "
        + Edn.write(directory.resolve(place).toString())
        + "}";
  }

  private String store() {
    return store(network.endpoint());
  }

  private String store(String endpoint) {
    return "s3://" + bucket + "/prod?endpoint=" + endpoint + "&pathStyle=true";
  }
}
