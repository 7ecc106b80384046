package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.OwnProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ctrl-c in the middle of a command, and the same command again: the launcher, in processes of
 * their own, with a real store. The signal is sent when the log shows that a segment is done, while
 * most of them are not.
 */
class StoppedIT {
  private static final int STOPPED = 130;
  private static final String CONTINUES = "stopped: run it again to continue";

  @TempDir Path directory;

  @Test
  void aCommandContinuesAfterCtrlC() throws Exception {
    finish("demo", "--dir", directory.resolve("demo").toString(), "--transactions", "2000");
    DemoCommand.Place place = new DemoCommand.Place(directory.resolve("demo"));
    String store = StoreUris.of(directory.resolve("store"));

    String[] source = {"--source", place.clientMap("source"), "--db", "shop", "--store", store};
    String[] backup = with("backup", source, "--txns-per-segment", "20", "--parallelism", "1");
    assertThat(stop("backed up backup=", backup)).contains(CONTINUES);
    assertThat(finish(backup)).contains("now holds everything up to t 2005");

    String target = place.clientMap("target");
    String[] restored = {"--target", target, "--db", "again", "--store", store, "--name", "shop"};
    String[] restore = with("restore", restored, "--create");
    assertThat(stop("restored backup=", restore)).contains(CONTINUES);
    assertThat(finish(restore)).contains("holds backup shop up to source t 2005");
    assertThat(stop("restore up to date", with(restore, "--follow")))
        .contains("stopped, after 0 restored transactions; run it again to continue");
    LogComparison.assertEqual(
        DatomicClient.ofEdn(place.clientMap("source")).connect("shop"),
        DatomicClient.ofEdn(target).connect("again"));
  }

  /** What the command prints that is stopped as soon as it has printed this. */
  private static String stop(String when, String... arguments) throws Exception {
    try (OwnProcess process = start(with(arguments, "--verbose"))) {
      process.await(0, when);
      process.interrupt();
      assertThat(process.exitCode()).as(process.toString()).isEqualTo(STOPPED);
      return process.toString();
    }
  }

  /** What the command prints that succeeds. */
  private static String finish(String... arguments) throws Exception {
    try (OwnProcess process = start(arguments)) {
      assertThat(process.exitCode()).as(process.toString()).isZero();
      return process.toString();
    }
  }

  private static OwnProcess start(String... arguments) throws IOException {
    // A build in the background ignores SIGINT, and so would its processes.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.add(Path.of(System.getProperty("cli.home"), "bin/dcb").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("DCB_CACHE", "off");
    builder.environment().put("DCB_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    return new OwnProcess(builder);
  }

  private static String[] with(String command, String[] arguments, String... more) {
    return with(with(new String[] {command}, arguments), more);
  }

  private static String[] with(String[] arguments, String... more) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
