package com.fulcrologic.datomiccloudbackup.cli;

import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.failing;
import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.succeeding;
import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong in practice, at a real Datomic Local and a real directory. */
class BadInputTest {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  @TempDir private static Path directory;
  private static LocalSystem system;
  private static DatomicConnection source;

  /** A backup of the whole source in segments of ten. */
  private static Path backup;

  @BeforeAll
  static void makeBackup() {
    system = LocalSystem.inMemory();
    source = system.database("world");
    SampleWorld.fill(source);
    backup = directory.resolve("backup");
    backUp(backup, "world");
  }

  private static void backUp(Path store, String database) {
    succeeding(
        "backup",
        "--source",
        system.clientMap(),
        "--db",
        database,
        "--store",
        StoreUris.of(store),
        "--name",
        "world",
        "--txns-per-segment",
        "10");
  }

  @Test
  void theDirectoryAboveTheStoreIsNotThere() {
    String store = "file:" + directory.resolve("no/such");
    assertThat(failing(2, "segments", "--store", store, "--name", "world").err())
        .contains(directory.resolve("no").toString());
    failing(2, "gaps", "--store", store, "--name", "world");
    failing(2, backupArguments(store, system.clientMap(), "world"));
    failing(2, restoreArguments(store, newTarget()));
    assertThat(directory.resolve("no")).doesNotExist();
  }

  @Test
  void theStoreIsAFile() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "x");
    String store = StoreUris.of(file);
    failing(2, "segments", "--store", store, "--name", "world");
    failing(2, backupArguments(store, system.clientMap(), "world"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://canary:canary@bucket/p",
        "https://canary.example/",
        "/canary",
        "canary",
        "",
        "file:canary",
        "file:",
        "file://canary/dir",
        "file:/dir?canary",
        "file:/dir#canary",
        "file:/a canary",
        "file:/%zz-canary",
        "file:/%00-canary"
      })
  void theStoreIsNoDirectorysUri(String uri) {
    CommandRun run = failing(2, "segments", "--store", uri, "--name", "world");
    assertThat(run.err()).doesNotContain("canary");
  }

  @Test
  void thereIsNoSuchBackup() {
    CommandRun run = failing(10, "segments", "--store", store(), "--name", "wrold");
    assertThat(run.err()).contains("wrold").contains("[world]");
    failing(10, "gaps", "--store", store(), "--name", "wrold");
    failing(
        10, "restore", "--store", store(), "--name", "wrold", "--target", map(), "--db", "world");
    failing(
        10, "repair", "--store", store(), "--name", "wrold", "--source", map(), "--db", "world");
    failing(10, "segments", "--store", "file:" + directory.resolve("new"), "--name", "world");
    assertThat(directory.resolve("new")).doesNotExist();
  }

  @Test
  void theNameOfABackupCannotBe() {
    failing(2, "segments", "--store", store(), "--name", "");
    failing(2, "segments", "--store", store(), "--name", "x".repeat(300));
  }

  @Test
  void thereIsNoSuchDatabase() {
    String store = "file:" + directory.resolve("never");
    assertThat(failing(10, backupArguments(store, map(), "wrold")).err()).contains("wrold");
    assertThat(failing(10, restoreArguments(store(), "wrold")).err()).contains("--create");
    assertThat(directory.resolve("never")).doesNotExist();
  }

  @Test
  void aStorageDirectoryThatIsNotThereIsNotMade() {
    Path storage = directory.resolve("storage");
    String map = "{:server-type :datomic-local :storage-dir \"" + storage + "\" :system \"s\"}";
    failing(10, backupArguments("file:" + directory.resolve("never"), map, "world"));
    assertThat(storage).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{:canary",
        "{:a 1 :canary}",
        "[:canary]",
        "canary",
        "",
        "nil",
        "{}",
        "{:server-type :canary}",
        "{:server-type :datomic-local :storage-dir \"canary\" :system \"s\"}",
        "@/no/such/file",
        "@"
      })
  void theClientMapIsNone(String text) {
    CommandRun run = failing(2, backupArguments(store(), text, "world"));
    assertThat(run.err()).doesNotContain("canary");
    failing(2, "restore", "--store", store(), "--name", "world", "--target", text, "--db", "x");
  }

  @Test
  void theFileOfTheClientMapCannotBeRead() throws IOException {
    failing(2, backupArguments(store(), "@" + directory, "world"));
    Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, 0x00});
    failing(2, backupArguments(store(), "@" + binary, "world"));
    Path text = Files.writeString(directory.resolve("text.edn"), "{:canary");
    assertThat(failing(2, backupArguments(store(), "@" + text, "world")).err())
        .doesNotContain("canary");
  }

  @Test
  void theCommandLineIsMistyped() {
    assertThat(failing(2, "segmnets").err()).contains("segmnets");
    assertThat(failing(2, "segments", "--stroe", "x").err()).contains("--stroe");
    assertThat(failing(2, "segments", "--stroe=canary").err()).doesNotContain("canary");
    assertThat(failing(2, "segments", "--name", "x").err()).contains("--store");
    assertThat(failing(2, "segments", "--store", "x", "--name").err()).contains("--name");
    failing(2, "segments", "--store", store(), "--store", store(), "--name", "world");
  }

  @Test
  void theClientMapHasLostItsQuotes() {
    CommandRun run =
        failing(
            2,
            "backup",
            "--store",
            store(),
            "--db",
            "world",
            "--source",
            "{:server-type",
            ":ion",
            ":secret",
            "canary}");
    assertThat(run.err()).contains("single quotes").doesNotContain("canary");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--txns-per-segment=0",
        "--txns-per-segment=canary",
        "--parallelism=65",
        "--parallelism=-1",
        "--parallelism=99999999999"
      })
  void aNumberIsOutOfRange(String option) {
    CommandRun run = failing(2, with(backupArguments(store(), map(), "world"), option));
    assertThat(run.err())
        .contains(option.substring(0, option.indexOf('=')))
        .doesNotContain("canary");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--to-t=-1",
        "--to-t=ten",
        "--to-instant=yesterday",
        "--to-instant=2026-01-01",
        "--to-instant=2026-01-01T00:00:00",
        "--to-instant=2016-12-31T23:59:60Z",
        "--to-instant=2016-12-31T23:59:60.5Z",
        "--to-instant=2017-01-01T00:59:60+01:00",
        "--exclude=:db/ident",
        "--exclude="
      })
  void thePointOrTheFilterIsNone(String option) {
    String target = newTarget();
    assertThat(failing(2, with(restoreArguments(store(), target), option)).err())
        .as("of that option, and not of another one")
        .doesNotContain("--db");
    assertThat(system.database(target).basisT()).isEqualTo(5);
  }

  @Test
  void twoPointsAreGiven() {
    failing(
        2,
        with(
            restoreArguments(store(), newTarget()),
            "--to-t=7",
            "--to-instant=2000-01-01T00:00:00Z"));
  }

  @Test
  void thePointIsNotStored() {
    String target = newTarget();
    failing(24, with(restoreArguments(store(), target), "--to-t=100000"));
    failing(24, with(restoreArguments(store(), target), "--to-instant=1960-01-01T00:00:00Z"));
    failing(24, with(restoreArguments(store(), target), "--to-instant=2100-01-01T00:00:00Z"));
    assertThat(system.database(target).basisT()).isEqualTo(5);
  }

  @Test
  void theDatabaseIsNotCreatedForAPointThatIsNotStored() {
    String target = "uncreated";
    failing(24, with(restoreArguments(store(), target), "--create", "--to-t=100000"));
    failing(10, restoreArguments(store(), target));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 100, -1})
  void aSegmentIsCutShort(int size) throws IOException {
    Path damaged = copyOf(backup);
    Path segment = segments(damaged).get(1);
    byte[] bytes = Files.readAllBytes(segment);
    Files.write(segment, Arrays.copyOf(bytes, size < 0 ? bytes.length - 1 : size));
    String target = newTarget();
    assertThat(failing(20, restoreArguments(StoreUris.of(damaged), target)).err())
        .contains("t 10 to 19");
    LogComparison.assertEqualThrough(9, source, system.database(target));
    if (size >= 0) {
      failing(20, "segments", "--store", StoreUris.of(damaged), "--name", "world");
    }
  }

  /** Before anything is restored: it stands there although the restore fails on its way. */
  @Test
  void aMisspeltFilterIsNamedAtOnce() throws IOException {
    Path damaged = copyOf(backup);
    Files.write(segments(damaged).get(0), new byte[0]);
    CommandRun run =
        CommandRun.of(
            with(restoreArguments(StoreUris.of(damaged), newTarget()), "--exclude=:w/nmae"));
    assertThat(run.exitCode()).isEqualTo(20);
    assertThat(run.err().lines().toList().get(0)).startsWith("warning: ").contains(":w/nmae");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:1", "http://no-such-host.invalid:8182/"})
  void nothingAnswersAtTheEndpoint(String endpoint) {
    String map =
        "{:server-type :cloud :region \"us-east-1\" :system \"s\" :endpoint \"" + endpoint + "\"}";
    CommandRun run = CommandRun.of(backupArguments(store(), map, "world"));
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()) // and perhaps progress: to load Cloud's client takes seconds
        .contains("nothing answers at its endpoint", "check :endpoint");
  }

  @Test
  void theLibraryOfTheServerTypeIsNotThere() {
    String map =
        "{:server-type :peer-server :access-key \"a\" :secret \"b\" :endpoint \"localhost:1\""
            + " :validate-hostnames false}";
    assertThat(failing(2, backupArguments(store(), map, "world")).err())
        .contains("not on the class path", "com.datomic:client-pro");
  }

  @Test
  void theTargetHoldsSomethingElse() {
    DatomicConnection other = system.database("other");
    SampleWorld.fill(other);
    long basisT = other.basisT();
    failing(25, restoreArguments(store(), "other"));
    assertThat(other.basisT()).isEqualTo(basisT);
  }

  @Test
  void theTargetIsAheadOfTheBackup() throws IOException {
    String target = newTarget();
    succeeding(restoreArguments(store(), target));
    Path older = copyOf(backup);
    List<Path> segments = segments(older);
    Files.delete(segments.get(segments.size() - 1));
    failing(25, restoreArguments(StoreUris.of(older), target));
    assertThat(failing(24, with(restoreArguments(store(), target), "--to-t=9")).err())
        .contains("already");
  }

  @Test
  void theTargetWasBegunWithOtherFilters() {
    String target = newTarget();
    succeeding(with(restoreArguments(store(), target), "--to-t=9"));
    failing(25, with(restoreArguments(store(), target), "--exclude=:w/name"));
  }

  @Test
  void segmentsAreMissing() throws IOException {
    Path broken = copyOf(backup);
    Files.delete(segments(broken).get(1));
    Files.delete(segments(broken).get(2));
    String store = StoreUris.of(broken);
    CommandRun gaps = CommandRun.of("gaps", "--store", store, "--name", "world");
    assertThat(gaps.exitCode()).isEqualTo(21);
    assertThat(gaps.out().lines()).containsExactly("missing: t 10 to 19", "missing: t 30 to 39");
    CommandRun json = CommandRun.of("gaps", "--store", store, "--name", "world", "--json");
    assertThat(json.exitCode()).isEqualTo(21);
    assertThat(json.json().get("gaps"))
        .isEqualTo(
            List.of(
                java.util.Map.of("firstT", 10L, "lastT", 19L),
                java.util.Map.of("firstT", 30L, "lastT", 39L)));
    assertThat(json.error()).containsEntry("code", 21L);

    String target = newTarget();
    assertThat(failing(21, restoreArguments(store, target)).err()).contains("10 to 19", "30 to 39");
    assertThat(system.database(target).basisT()).as("untouched").isEqualTo(5);
    failing(21, with(restoreArguments(store, target), "--to-t=22"));
    succeeding(with(restoreArguments(store, target), "--to-t=9"));
    LogComparison.assertEqualThrough(9, source, system.database(target));

    CommandRun repair =
        succeeding(
            "repair", "--store", store, "--name", "world", "--source", map(), "--db", "world");
    assertThat(repair.out()).contains("filled t 10 to 19", "filled t 30 to 39");
    succeeding("gaps", "--store", store, "--name", "world");
    succeeding(restoreArguments(store, target));
    LogComparison.assertEqual(source, system.database(target));
  }

  @Test
  void theFirstSegmentIsMissing() throws IOException {
    Path broken = copyOf(backup);
    Files.delete(segments(broken).get(0));
    assertThat(CommandRun.of("gaps", "--store", StoreUris.of(broken), "--name", "world").out())
        .isEqualTo("missing: t 0 to 9\n");
    failing(21, restoreArguments(StoreUris.of(broken), newTarget()));
  }

  @Test
  void theSourceIsAnotherDatabase() {
    SampleWorld.fill(system.database("another"));
    failing(22, backupArguments(store(), map(), "another"));
  }

  private static String map() {
    return system.clientMap();
  }

  private static String store() {
    return StoreUris.of(backup);
  }

  private static String newTarget() {
    String name = "target-" + NUMBER.incrementAndGet();
    system.database(name);
    return name;
  }

  private static String[] backupArguments(String store, String map, String database) {
    return new String[] {
      "backup", "--store", store, "--name", "world", "--source", map, "--db", database
    };
  }

  private static String[] restoreArguments(String store, String database) {
    return new String[] {
      "restore", "--store", store, "--name", "world", "--target", map(), "--db", database
    };
  }

  private static String[] with(String[] arguments, String... more) {
    return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
  }

  private static Path copyOf(Path original) throws IOException {
    Path copy = directory.resolve("copy-" + NUMBER.incrementAndGet());
    try (Stream<Path> all = Files.walk(original)) {
      for (Path each : all.toList()) {
        Files.copy(each, copy.resolve(original.relativize(each)));
      }
    }
    return copy;
  }

  /** In ascending order of t: in the listing, the greatest comes first. */
  private static List<Path> segments(Path store) throws IOException {
    try (Stream<Path> all = Files.walk(store.resolve("world").resolve("segments"))) {
      return all.filter(Files::isRegularFile).sorted(Comparator.reverseOrder()).toList();
    }
  }
}
