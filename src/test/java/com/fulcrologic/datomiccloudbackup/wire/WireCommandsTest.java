package com.fulcrologic.datomiccloudbackup.wire;

import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.empty;
import static com.fulcrologic.datomiccloudbackup.wire.WireFixture.filled;
import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.cli.Main;
import com.fulcrologic.datomiccloudbackup.testing.ChildJvm;
import com.fulcrologic.datomiccloudbackup.testing.OwnProcess;
import com.fulcrologic.datomiccloudbackup.wire.WireReply.Fate;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line on a system of Cloud. */
@Timeout(300)
class WireCommandsTest {
  private static final int SIGTERM_EXIT_CODE = 143;

  private static WireSystem system;

  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    system = WireSystem.start();
    filled(system, "world");
  }

  @AfterAll
  static void stop() {
    system.close();
  }

  @AfterEach
  void mend() {
    system.faults().clear();
    WireSystem.keyBucket().plan(n -> 200);
  }

  /** The exit code, then all that it printed. */
  private record Run(int exitCode, String text) {}

  private static Run run(String... args) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    int exitCode = Main.run(args, out, out);
    return new Run(exitCode, bytes.toString(StandardCharsets.UTF_8));
  }

  private String store() {
    return directory.resolve("store").toUri().toString();
  }

  @Test
  void aDatabaseIsBackedUpProvedAndRestored() {
    String map = system.clientMap();
    assertThat(run("backup", "--source", map, "--db", "world", "--store", store()).text())
        .contains("now holds everything up to t");
    assertThat(run("status", "--source", map, "--db", "world", "--store", store()).exitCode())
        .isZero();
    String[] restore = {
      "restore", "--create", "--target", map, "--db", "made", "--store", store(), "--name", "world"
    };
    assertThat(run(restore).exitCode()).isZero();
    assertThat(
            run("verify", "--store", store(), "--name", "world", "--target", map, "--db", "made")
                .text())
        .contains("equal");
  }

  /** The keys of a new database come late: the command that has just made it waits for them. */
  @Test
  void aDatabaseThatWasJustMadeIsConnectedTo() {
    String map = system.clientMap();
    run("backup", "--source", map, "--db", "world", "--store", store());
    WireSystem.keyBucket().plan(n -> n > 2 && n < 5 ? 404 : 200);
    Run restore =
        run(
            "restore",
            "--create",
            "--target",
            map,
            "--db",
            "late",
            "--store",
            store(),
            "--name",
            "world");
    assertThat(restore.exitCode()).as(restore.text()).isZero();
  }

  @Test
  void doctorTriesOneThingAfterAnother() {
    Run well = run("doctor", "--source", system.clientMap(), "--db", "world");
    assertThat(well.exitCode()).as(well.text()).isZero();
    assertThat(well.text().lines())
        .allMatch(line -> line.startsWith("pass"))
        .hasSize(5)
        .anyMatch(line -> line.contains("world"))
        .anyMatch(line -> line.contains("basis: t "));

    Run nowhere = run("doctor", "--source", mapOf("http://127.0.0.1:1"));
    assertThat(nowhere.exitCode()).isEqualTo(3);
    assertThat(nowhere.text()).contains("FAIL  source endpoint", "nothing answers", "hint: ");

    Run unknown = run("doctor", "--target", system.clientMap(), "--db", "nowhere");
    assertThat(unknown.exitCode()).isEqualTo(10);
    assertThat(unknown.text()).contains("pass  target endpoint", "FAIL  target database nowhere");
  }

  /** What is wrong with keys, profiles and endpoints is said as what it is. */
  @Test
  void failuresToReachASystemSayWhatToDo() {
    WireSystem.keyBucket().plan(n -> 403);
    system.operations().create("unkeyed");
    Run forbidden = run("doctor", "--source", system.clientMap(), "--db", "unkeyed");
    assertThat(forbidden.exitCode()).as(forbidden.text()).isEqualTo(12);
    assertThat(forbidden.text()).contains("check the client map, the credentials");
    WireSystem.keyBucket().plan(n -> 200);

    Run profile =
        run(
            "doctor",
            "--source",
            system.clientMap().replace("}", " :creds-profile \"no-such-profile\"}"),
            "--db",
            "world");
    assertThat(profile.exitCode()).isIn(2, 3, 12);
    assertThat(profile.text()).contains("FAIL", "hint: ").doesNotContain("Datomic's own log");

    Run without = run("doctor", "--source", "{:server-type :cloud :region \"us-wire-1\"}");
    assertThat(without.exitCode()).isEqualTo(2);
    assertThat(without.text()).contains(":endpoint").doesNotContain(":storage-dir");
  }

  private static String mapOf(String endpoint) {
    return "{:server-type :cloud :region \"us-wire-1\" :system \"s\" :endpoint \""
        + endpoint
        + "\"}";
  }

  /** The client never gets an answer, and its calls may take an hour. */
  @Test
  void sigtermEndsEveryCommandThatIsStuck() throws Exception {
    String map = system.clientMap();
    String target = empty(system, "stuck-target");
    run("backup", "--source", map, "--db", "world", "--store", store());
    String[][] commands = {
      {"backup", "--follow", "--source", map, "--db", "world", "--store", other()},
      {"backup", "--source", map, "--db", "world", "--store", other()},
      {
        "replicate",
        "--source=" + map,
        "--db=world",
        "--store=" + other(),
        "--target=" + map,
        "--target-db=" + target
      },
      {"restore", "--target", map, "--db", target, "--store", store(), "--name", "world"},
      {"restore", "--follow", "--target", map, "--db", target, "--store", store(), "--name=world"},
      {"verify", "--source", map, "--db", "world", "--store", store(), "--name", "world"}
    };
    system.faults().when("tx-range", n -> Fault.fate(Fate.SILENCE));
    for (String[] command : commands) {
      system.counts().reset();
      try (OwnProcess process = start(command)) {
        while (system.counts().calls("tx-range") == 0) {
          TimeUnit.MILLISECONDS.sleep(50);
        }
        process.terminate();
        assertThat(process.exitCode()).as(process.toString()).isEqualTo(SIGTERM_EXIT_CODE);
      }
    }
  }

  private String other() {
    return directory.resolve("other").toUri().toString();
  }

  private static OwnProcess start(String... command) throws Exception {
    List<String> options =
        Stream.of(
                "com.amazonaws.regions.RegionUtils.fileOverride",
                "com.amazonaws.sdk.disableCertChecking",
                "aws.accessKeyId",
                "aws.secretKey")
            .map(name -> "-D" + name + "=" + System.getProperty(name))
            .toList();
    List<String> all = ChildJvm.command(options, Main.class, command);
    all.addAll(List.of("--call-timeout", "1h"));
    return new OwnProcess(new ProcessBuilder(all));
  }
}
