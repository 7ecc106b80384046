package com.fulcrologic.datomiccloudbackup.cli;

import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.failing;
import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.store.FilesystemBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.ChildJvm;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that go on, in a process of their own, which is asked to end. */
class FollowCommandsTest {
  @TempDir private Path directory;

  @Test
  void replicateEndsWhenAskedTo() throws Exception {
    String clientMap = clientMap();
    String store = StoreUris.of(directory.resolve("store"));
    Process process =
        start(
            clientMap,
            "replicate",
            "--source",
            clientMap,
            "--db",
            "source",
            "--store",
            store,
            "--txns-per-segment",
            "10",
            "--poll",
            "100ms",
            "--target",
            clientMap,
            "--target-db",
            "target",
            "--create");
    List<String> lines = askedToEnd(process, line -> line.endsWith("restore up to date"));
    assertThat(lines)
        .anyMatch(
            line -> line.matches("[-0-9T:]+Z stored \\d+ transactions, backup up to date; .*"));
    assertThat(lines.get(lines.size() - 1)).startsWith("stopped, after ");
    DatomicClient client = DatomicClient.ofEdn(clientMap);
    LogComparison.assertEqual(client.connect("source"), client.connect("target"));
  }

  /** The last receipt is appended at the end, although a minute has not passed. */
  @Test
  void aFollowedBackupLeavesAReceiptOfItsEnd() throws Exception {
    String clientMap = clientMap();
    String store = StoreUris.of(directory.resolve("store"));
    String receipts = StoreUris.of(directory.resolve("receipts"));
    Process process =
        start(
            clientMap,
            "backup",
            "--source",
            clientMap,
            "--db",
            "source",
            "--store",
            store,
            "--receipts",
            receipts,
            "--txns-per-segment",
            "5",
            "--follow");
    List<String> lines = askedToEnd(process, line -> line.endsWith("backup up to date"));
    CommandRun check =
        CommandRun.succeeding(
            "check", "--json", "--store", store, "--name", "source", "--receipts", receipts);
    long basisT = DatomicClient.ofEdn(clientMap).connect("source").basisT();
    assertThat(CommandRun.object(check.json().get("receipt"))).containsEntry("t", basisT);
    assertThat(lines).anyMatch(line -> line.matches("  receipt \\d+: t " + basisT));
  }

  /** A machine may restart it while the gap is there. */
  @Test
  void aFollowedRestoreThatBeginsBeforeAGapWaits() throws Exception {
    DatomicConnection world = LocalSystem.inMemory().newDatabase();
    SampleWorld.fill(world);
    Path root = directory.resolve("holed");
    Cloning holed = Cloning.with(FilesystemBackupStore.at(root));
    holed.backupSegment("w", world, new TxRange(0, 10));
    holed.backupSegment("w", world, new TxRange(12, 20));
    String clientMap = clientMap();
    Process process =
        start(
            clientMap,
            "restore",
            "--target",
            clientMap,
            "--db",
            "target",
            "--create",
            "--store",
            StoreUris.of(root),
            "--name",
            "w",
            "--follow");
    failing(
        21,
        "restore",
        "--target",
        LocalSystem.inMemory().clientMap(),
        "--db",
        "target",
        "--create",
        "--store",
        StoreUris.of(root),
        "--name",
        "w",
        "--exclude",
        ":w/misspelt",
        "--follow");
    List<String> lines = askedToEnd(process, line -> line.contains("missing t 10 to 11"));
    assertThat(lines).anyMatch(line -> line.startsWith("stopped, after 10 restored transactions"));
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() {
    String[] backup = {"backup", "--source", "{}", "--db", "a", "--store", "file:/nowhere"};
    failing(2, with(backup, "--poll", "1s"));
    failing(2, with(backup, "--follow", "--poll", "often"));
    failing(2, with(backup, "--follow", "--adopt"));
    failing(2, with(backup, "--follow", "--max-lag", "1m"));
    failing(2, with(backup, "--follow", "--heartbeat", "gopher://canary"));
    failing(2, with(backup, "--follow", "--heartbeat", "not a url"));
    String[] restore = {
      "restore", "--target", "{}", "--db", "a", "--store", "file:/nowhere", "--name", "a"
    };
    failing(2, with(restore, "--heartbeat", "https://example.org"));
    failing(2, with(restore, "--follow", "--to-t", "7"));
  }

  /** Sends SIGTERM after such a line; returns all lines. */
  private static List<String> askedToEnd(Process process, Predicate<String> isLast)
      throws Exception {
    List<String> lines = new ArrayList<>();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
        if (isLast.test(line)) {
          process.toHandle().destroy(); // the process itself would close our end too
        }
      }
    }
    assertThat(process.waitFor()).as(lines.toString()).isEqualTo(143);
    return lines;
  }

  private String clientMap() {
    return "{:server-type :datomic-local :storage-dir "
        + Edn.write(directory.resolve("databases").toString())
        + " :system \""
        + UUID.randomUUID()
        + "\"}";
  }

  private static Process start(String... arguments) throws IOException {
    return new ProcessBuilder(ChildJvm.command(List.of(), Filled.class, arguments))
        .redirectErrorStream(true)
        .start();
  }

  private static String[] with(String[] arguments, String... more) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /**
   * Makes the source, then is the command line: a durable system belongs to one process at a time.
   */
  static final class Filled {
    private Filled() {}

    public static void main(String[] args) {
      DatomicClient client = DatomicClient.ofEdn(args[0]);
      client.createDatabase("source");
      DatomicConnection source = client.connect("source");
      for (int i = 0; i < 12; i++) {
        source.transact((List<?>) Edn.read("[[:db/add \"datomic.tx\" :db/doc \"noted\"]]"));
      }
      Main.main(Arrays.copyOfRange(args, 1, args.length));
    }
  }
}
