package com.fulcrologic.datomiccloudbackup.cli;

import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.failing;
import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.object;
import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.succeeding;
import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.Receipt;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.FilesystemBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that append receipts, and the one that compares: on directories. */
class ReceiptCommandsTest {
  @TempDir private static Path directory;
  private static LocalSystem system;
  private static DatomicConnection source;
  private static String keys = "";

  private Path root = Path.of("");
  private Path receipts = Path.of("");

  @BeforeAll
  static void makeSource() {
    system = LocalSystem.in(directory.resolve("databases"));
    source = system.database("world");
    SampleWorld.fill(source);
    keys = directory.resolve("keys.json").toString();
    succeeding("keys", "new", keys);
  }

  @BeforeEach
  void makeStores(TestInfo test) throws IOException {
    Path own = Files.createTempDirectory(directory, test.getTestMethod().orElseThrow().getName());
    root = own.resolve("store");
    receipts = own.resolve("receipts");
  }

  private String[] backup(String... more) {
    return with(
        new String[] {
          "backup", "--source", system.clientMap(), "--db", "world", "--txns-per-segment", "10"
        },
        with(stores(), more));
  }

  private String[] stores() {
    return new String[] {"--store", StoreUris.of(root), "--receipts", StoreUris.of(receipts)};
  }

  private String[] check(String... more) {
    return with(new String[] {"check", "--store", StoreUris.of(root), "--name", "world"}, more);
  }

  private String[] checkReceipts(String... more) {
    return check(with(new String[] {"--receipts", StoreUris.of(receipts)}, more));
  }

  private static String[] with(String[] arguments, String... more) {
    return Stream.concat(Arrays.stream(arguments), Arrays.stream(more)).toArray(String[]::new);
  }

  private static void note(DatomicConnection database) {
    database.transact((List<?>) Edn.read("[{:db/doc \"a note\"}]"));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }

  /** The operator's disk, or an attacker, puts yesterday's copy of the store back. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStoreThatWentBackEndsWith23(boolean isSealed) throws IOException {
    String[] given = isSealed ? new String[] {"--keys", keys} : new String[0];
    succeeding(backup(given));
    Path yesterday = directory.resolve("yesterday-" + isSealed);
    copy(root, yesterday);
    note(source);
    CommandRun run = succeeding(backup(with(given, "--json")));
    assertThat(object(run.json().get("receipt")))
        .containsEntry("number", 1L)
        .containsEntry("t", source.basisT());
    assertThat(succeeding(checkReceipts(given)).out()).contains("2 receipts, the newest for t ");

    root = yesterday;

    succeeding(check(given));
    CommandRun found = CommandRun.of(checkReceipts(given));
    assertThat(found.exitCode()).isEqualTo(23);
    assertThat(found.out()).contains("rolled back: ", "no longer holds t " + source.basisT());
    assertThat(found.err()).contains("hint: recover the segments from a copy of the store");
    CommandRun json = CommandRun.of(checkReceipts(with(given, "--json")));
    assertThat(json.json()).containsEntry("receiptCount", 2L);
    assertThat(object(json.json().get("findingCounts"))).containsEntry("rolled-back", 1L);
    assertThat(json.error()).containsEntry("code", 23L);

    succeeding(backup(given)); // the source still has it
    succeeding(checkReceipts(given));
  }

  @Test
  void aVerificationAppendsToo() {
    succeeding(backupWithoutReceipts());
    String[] verify =
        with(new String[] {"verify", "--source", system.clientMap(), "--db", "world"}, stores());
    CommandRun run = succeeding(with(verify, "--json"));
    assertThat(object(run.json().get("receipt"))).containsEntry("t", source.basisT());
    assertThat(succeeding(with(verify, "--json")).json()).containsEntry("receipt", null);
    succeeding(checkReceipts());
    failing(
        2,
        "verify",
        "--source",
        "{}",
        "--db",
        "a",
        "--target",
        "{}",
        "--target-db",
        "b",
        "--receipts",
        StoreUris.of(receipts));
  }

  private String[] backupWithoutReceipts() {
    return new String[] {
      "backup", "--source", system.clientMap(), "--db", "world", "--store", StoreUris.of(root)
    };
  }

  /** A restore up to a gap is proved; a receipt for what is behind the gap would hide it. */
  @Test
  void aProofBeforeAGapAppendsNone() {
    Cloning holed = Cloning.with(FilesystemBackupStore.at(root));
    holed.backupSegment("world", source, new TxRange(0, 10));
    holed.backupSegment("world", source, new TxRange(12, 20));
    String[] target = {"--name", "world", "--target", system.clientMap(), "--db", "before"};
    succeeding(
        with(
            new String[] {"restore", "--store", StoreUris.of(root), "--create", "--to-t", "9"},
            target));
    CommandRun proof =
        CommandRun.of(
            with(new String[] {"verify", "--as-far-as-restored"}, with(stores(), target)));
    assertThat(proof.exitCode()).as(proof.err()).isZero();
    assertThat(proof.err()).contains("warning: the store lacks t 10 to 11: no receipt is appended");
    assertThat(Files.exists(receipts)).isFalse();
  }

  @Test
  void missingKeysEndWith28AndNoReceiptsWith10() {
    succeeding(backup("--keys", keys));
    String others = directory.resolve("others.json").toString();
    succeeding("keys", "new", others);
    failing(28, checkReceipts("--level", "names"));
    failing(28, checkReceipts("--level", "names", "--keys", others));
    receipts = receipts.resolveSibling("none");
    assertThat(failing(10, checkReceipts("--keys", keys)).err())
        .contains("Failed to find the receipts of backup world");
  }

  @Test
  void aChangedReceiptEndsWith20() throws IOException {
    succeeding(backup());
    try (Stream<Path> files = Files.walk(receipts)) {
      Path file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
      assertThat(Files.readString(file)).contains("sealed false\n", "backup world\n");
      Files.writeString(
          file, Files.readString(file).replace("t " + source.basisT(), "t " + source.basisT() / 2));
    }
    CommandRun found = CommandRun.of(checkReceipts());
    assertThat(found.exitCode()).isEqualTo(20);
    assertThat(found.out()).contains("corrupt: ", "receipts of backup world");
  }

  /** Before the backup begins, or after it: it is never silent. */
  @Test
  void receiptsThatCannotBeWrittenEndTheCommandOtherwise() throws IOException {
    Files.createFile(receipts); // where the directory should be
    assertThat(CommandRun.of(backup()).exitCode()).isEqualTo(2);
    assertThat(root).doesNotExist();
    receipts = root;
    assertThat(failing(2, backup()).err()).contains("--receipts is the store of the backup");
    assertThat(failing(2, with(backupWithoutReceipts(), "--receipts", "gopher:/x")).err())
        .contains("--receipts is not usable");
  }

  @Test
  void allDatabasesHaveTheirOwnChains() {
    LocalSystem two = LocalSystem.in(directory.resolve("two"));
    for (String name : List.of("world", "town")) {
      note(two.database(name));
    }
    succeeding(
        with(new String[] {"backup", "--all-databases", "--source", two.clientMap()}, stores()));
    for (String name : List.of("world", "town")) {
      succeeding(with(new String[] {"check", "--name", name}, stores()));
    }
  }

  @Test
  void aFollowedBackupAppendsOnceAMinute() {
    BackupStore store = FilesystemBackupStore.at(root);
    BackupStore kept = FilesystemBackupStore.at(receipts);
    Cloning cloning = Cloning.with(store);
    List<Problem> problems = new ArrayList<>();
    SetClock time = new SetClock();
    ReceiptsOption.Following following =
        new ReceiptsOption.Following(cloning, kept, problems::add, time);

    following.backupReached("world", new SourcePoint(1, Instant.EPOCH));
    assertThat(problems).singleElement().extracting(Problem::exitCode).isEqualTo(10);

    for (int second = 10; second <= 180; second += 10) {
      note(source);
      cloning.backupNextSegment("world", source, 1_000);
      time.now = Instant.EPOCH.plusSeconds(second);
      following.backupReached("world", new SourcePoint(source.basisT(), Instant.EPOCH));
    }

    assertThat(problems).hasSize(1);
    assertThat(cloning.lastReceipt("world", kept)).map(Receipt::number).hasValue(2L);
    assertThat(cloning.lastReceipt("world", kept)).map(Receipt::t).hasValue(source.basisT());
    following.backupReached("world", new SourcePoint(source.basisT(), Instant.EPOCH));
    time.now = time.now.plus(Duration.ofHours(1));
    following.backupReached("world", new SourcePoint(source.basisT(), Instant.EPOCH));
    assertThat(cloning.lastReceipt("world", kept)).map(Receipt::number).hasValue(2L);
  }

  /** A clock that is set. */
  private static final class SetClock extends Clock {
    private Instant now = Instant.EPOCH;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
