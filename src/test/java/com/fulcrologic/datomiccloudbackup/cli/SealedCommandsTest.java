package com.fulcrologic.datomiccloudbackup.cli;

import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.failing;
import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.succeeding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.Shard;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.check.CheckFinding;
import com.fulcrologic.datomiccloudbackup.check.CheckOptions;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.exceptions.SealingKeyException;
import com.fulcrologic.datomiccloudbackup.jobs.BackupJob;
import com.fulcrologic.datomiccloudbackup.jobs.JobOptions;
import com.fulcrologic.datomiccloudbackup.jobs.RestoreFollower;
import com.fulcrologic.datomiccloudbackup.store.FilesystemBackupStore;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealedBackupStore;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealingKeys;
import com.fulcrologic.datomiccloudbackup.testing.ChildJvm;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
import com.fulcrologic.datomiccloudbackup.upkeep.CompactOptions;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command on a sealed backup in a directory; and what becomes of it without its keys. */
class SealedCommandsTest {
  private static final String CANARY = "c4n4ry-in-the-database";
  private static final Pattern MATERIAL = Pattern.compile("\"value\":\\s*\"([^\"]+)\"");

  @TempDir private static Path directory;
  private static LocalSystem system = LocalSystem.inMemory();
  private static Path root = Path.of("");
  private static String store = "";
  private static String keys = "";

  @BeforeAll
  static void backUp() {
    system = LocalSystem.in(directory.resolve("databases"));
    root = directory.resolve("store");
    store = StoreUris.of(root);
    keys = directory.resolve("keys.json").toString();
    SampleWorld.fill(system.database("world"));
    system.database("world").transact((List<?>) Edn.read("[{:db/doc \"" + CANARY + "\"}]"));
    succeeding("keys", "new", keys);
    succeeding(backup(store, "--keys", keys));
  }

  private static String[] backup(String store, String... more) {
    return with(
        new String[] {
          "backup",
          "--source",
          system.clientMap(),
          "--db",
          "world",
          "--store",
          store,
          "--txns-per-segment",
          "7"
        },
        more);
  }

  private static String[] opened(String command, String... more) {
    return stored(command, with(new String[] {"--keys", keys}, more));
  }

  private static String[] stored(String command, String... more) {
    return with(new String[] {command, "--store", store, "--name", "world"}, more);
  }

  private static String[] with(String[] arguments, String... more) {
    return Stream.concat(Arrays.stream(arguments), Arrays.stream(more)).toArray(String[]::new);
  }

  /** Nothing is broken: to move objects away would be the damage. */
  @Test
  void aPlainBackupThatIsGivenKeysStaysWhereItIs() {
    String plain = StoreUris.of(directory.resolve("plain"));
    succeeding(backup(plain));
    String[] check = {"check", "--store", plain, "--name", "world"};
    succeeding(check);
    CommandRun sealed = CommandRun.of(with(check, "--keys", keys));
    assertThat(sealed.exitCode()).isEqualTo(20);
    assertThat(sealed.err())
        .contains("hint: if the backup never was sealed, give no keys")
        .doesNotContain("move");
  }

  @Test
  void aSealedBackupRestoresAndIsProved() {
    String[] target = {"--target", system.clientMap(), "--db", "copy"};
    succeeding(opened("restore", with(target, "--create")));
    LogComparison.assertEqual(system.database("world"), system.database("copy"));
    succeeding(opened("verify", target));
    succeeding(opened("verify", "--restore"));
    succeeding(
        "verify",
        "--source",
        system.clientMap(),
        "--db",
        "world",
        "--store",
        store,
        "--keys",
        keys);
    succeeding(opened("check", "--level", "decode"));
    succeeding(opened("segments"));
    succeeding(opened("gaps"));
    succeeding("backups", "--store", store, "--keys", keys);
    succeeding("doctor", "--store", store, "--keys", keys);
    succeeding(
        "status",
        "--source",
        system.clientMap(),
        "--db",
        "world",
        "--store",
        store,
        "--keys",
        keys);
    succeeding(backup(store, "--keys", keys));
  }

  @Test
  void baselinesAndLargerSegmentsAreSealedToo() throws IOException {
    String own = StoreUris.of(directory.resolve("compacted"));
    String[] place = {"--store", own, "--name", "world", "--keys", keys};
    succeeding(backup(own, "--keys", keys));
    succeeding(with(new String[] {"baseline"}, place));
    succeeding("keys", "rotate", keys);
    succeeding(with(new String[] {"compact"}, place));
    succeeding(with(new String[] {"check", "--level", "decode"}, place));
    succeeding(
        with(
            new String[] {
              "restore", "--target", system.clientMap(), "--db", "compacted", "--create"
            },
            place));
    LogComparison.assertEqual(system.database("world"), system.database("compacted"));
    assertThat(files(directory.resolve("compacted")).keySet())
        .anyMatch(name -> name.contains("baseline"));
    requireSealed(directory.resolve("compacted"));
    // Names need no keys, and the parts of a baseline are not counted.
    succeeding("check", "--store", own, "--name", "world", "--level", "names");
  }

  @Test
  void everyObjectIsSealedAndHoldsNothingInTheClear() throws IOException {
    requireSealed(root);
  }

  private static void requireSealed(Path root) throws IOException {
    Map<String, byte[]> files = files(root);
    assertThat(files).isNotEmpty();
    Matcher material = MATERIAL.matcher(Files.readString(Path.of(keys)));
    assertThat(material.find()).isTrue();
    files.forEach(
        (name, bytes) -> {
          String text = new String(bytes, StandardCharsets.ISO_8859_1);
          assertThat(text.startsWith("\u0089DCSEAL\n")).as(name).isTrue();
          assertThat(text.contains(CANARY) || text.contains(material.group(1))).as(name).isFalse();
        });
  }

  private static Map<String, byte[]> files(Path root) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(root.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  @Test
  void withoutKeysOnlyNamesAreChecked() throws IOException {
    String before = files(root).keySet().toString();
    String id = String.valueOf(keyIds(keys).get(0));
    assertThat(failing(28, backup(store)).err())
        .contains("sealed under key " + id, "--keys")
        .doesNotContain(CANARY);
    String[] target = {"--target", system.clientMap(), "--db", "none", "--create"};
    failing(28, stored("restore", target));
    failing(28, stored("check"));
    failing(28, stored("segments"));
    failing(28, stored("compact"));
    failing(28, stored("baseline"));
    failing(28, stored("verify", "--restore"));
    failing(28, "backups", "--store", store);
    failing(28, stored("repair", "--source", system.clientMap(), "--db", "world"));
    failing(28, stored("verify", "--source", system.clientMap(), "--db", "world"));
    failing(28, stored("status", "--source", system.clientMap(), "--db", "world"));
    failing(28, stored("restore", with(target, "--follow")));
    failing(28, with(backup(store), "--follow"));
    failing(28, with(backup(store), "--adopt"));
    failing(28, copyState("none"));
    failing(
        28,
        with(
            new String[] {"replicate", "--source", system.clientMap(), "--db", "world"},
            "--store",
            store,
            "--target",
            system.clientMap(),
            "--target-db",
            "none",
            "--create"));
    succeeding(stored("check", "--level", "names"));
    succeeding(stored("gaps"));
    assertThat(files(root).keySet().toString()).isEqualTo(before);
  }

  private static String[] copyState(String database, String... more) {
    return stored(
        "copy-state",
        with(
            new String[] {"--target", system.clientMap(), "--target-db", database, "--create"},
            more));
  }

  @Test
  void theStateOfASealedBackupIsCopied() {
    succeeding(copyState("state", "--keys", keys));
    LogComparison.assertEqualFromBaseline(
        system.database("world").basisT(), system.database("world"), system.database("state"));
  }

  /** All that reads or writes a backup, by a program that opens the plain store. */
  @Test
  void aProgramWithoutKeysReadsAndWritesNothing() throws IOException {
    Cloning plain = Cloning.with(FilesystemBackupStore.at(root));
    DatomicConnection world = system.database("world");
    DatomicConnection target = system.database("untouched");
    long basisT = target.basisT();
    String before = files(root).keySet().toString();
    String w = "world";
    RestoreOptions restore = RestoreOptions.DEFAULTS;
    Map<String, ThrowingCallable> entries = new TreeMap<>();
    entries.put("backup", () -> plain.backup(w, world, BackupOptions.DEFAULTS));
    entries.put("backupNextSegment", () -> plain.backupNextSegment(w, world, 10));
    entries.put("backupSegment", () -> plain.backupSegment(w, world, new TxRange(0, 5)));
    entries.put(
        "backupRange",
        () -> plain.backupRange(w, world, new TxRange(0, 9), BackupOptions.DEFAULTS));
    entries.put(
        "backupShard",
        () ->
            plain.backupShard(
                w, world, new TxRange(0, 9), new Shard(0, 2), BackupOptions.DEFAULTS));
    entries.put("repairBackup", () -> plain.repairBackup(w, world));
    entries.put("segments", () -> plain.segments(w));
    entries.put("status", () -> plain.status(w, world));
    entries.put("storedThrough", () -> plain.storedThrough(w));
    entries.put("backups", plain::backups);
    entries.put("check", () -> plain.check(w, CheckOptions.DEFAULTS));
    entries.put("compact", () -> plain.compact(w, CompactOptions.DEFAULTS));
    entries.put("writeBaseline", () -> plain.writeBaseline(w, 10));
    entries.put("restorePlan", () -> plain.restorePlan(w, restore));
    entries.put("restorePlan into", () -> plain.restorePlan(w, target, restore));
    entries.put("restore", () -> plain.restore(w, target, restore));
    entries.put("restoreSegment", () -> plain.restoreSegment(w, target, restore));
    entries.put("pollSegment", () -> plain.pollSegment(w, target, restore));
    entries.put("requireCopyable", () -> plain.requireCopyable(w, restore));
    entries.put("copyState", () -> plain.copyState(w, target, restore));
    entries.put("verify", () -> plain.verify(w, target, VerifyOptions.DEFAULTS));
    entries.put("verifyStored", () -> plain.verifyStored(w, world, VerifyOptions.DEFAULTS));
    entries.put("verifyRestore", () -> plain.verifyRestore(w, VerifyOptions.DEFAULTS));
    entries.put("BackupJob", () -> new BackupJob(plain, w, world, 10, JobOptions.DEFAULTS).run());
    entries.put(
        "RestoreFollower",
        () -> new RestoreFollower(plain, w, target, restore, JobOptions.DEFAULTS).run());
    entries.forEach(
        (entry, call) ->
            assertThatThrownBy(call).as(entry).isInstanceOf(SealingKeyException.class));
    assertThat(files(root).keySet().toString()).isEqualTo(before);
    assertThat(target.basisT()).isEqualTo(basisT);
  }

  /** As a failed substitution in a shell leaves it. */
  @Test
  void anEmptyPathOfKeysDoesNotSwitchSealingOff() {
    String none = StoreUris.of(directory.resolve("none"));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    for (String empty : List.of("", " ")) {
      Map<String, String> environment = Map.of("DCB_KEYS", empty);
      Console console = new Console(stream, stream, false);
      assertThat(Main.run(backup(none), console, environment)).isEqualTo(2);
      failing(2, backup(none, "--keys", empty));
    }
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("keyset file is empty");
    assertThat(directory.resolve("none")).doesNotExist();
  }

  /** A real segment of some transactions, which the command and a program read. */
  @Test
  void everyByteOfASealedSegmentCounts() throws IOException {
    Path small = directory.resolve("small");
    String place = StoreUris.of(small);
    succeeding(backup(place, "--range", "[10, 12)", "--keys", keys));
    String name =
        files(small).keySet().stream()
            .filter(each -> each.contains("/segments/"))
            .findFirst()
            .orElseThrow();
    Path file = small.resolve(name);
    byte[] whole = Files.readAllBytes(file);
    Cloning cloning =
        Cloning.with(
            SealedBackupStore.over(
                FilesystemBackupStore.at(small), SealingKeys.read(Path.of(keys))));
    String[] check = {"check", "--store", place, "--name", "world", "--from-t", "10"};
    String[] opened = with(check, "--keys", keys);
    succeeding(opened);
    for (int i = 0; i < whole.length; i++) {
      byte[] changed = whole.clone();
      changed[i] ^= (byte) (1 << i % Byte.SIZE);
      Files.write(file, changed);
      requireCorrupt(cloning, "byte " + i);
      Files.write(file, Arrays.copyOf(whole, i));
      requireCorrupt(cloning, "length " + i);
      if (i % 100 == 0) {
        failing20(opened);
      }
    }
    Files.write(file, whole);
    succeeding(opened);
  }

  private static void requireCorrupt(Cloning cloning, String what) {
    CheckOptions options = CheckOptions.DEFAULTS.within(new TxRange(10, 12));
    assertThat(cloning.check("world", options).worst())
        .as(what)
        .hasValue(CheckFinding.Kind.CORRUPT);
  }

  private static List<?> keyIds(String file) {
    Object listed = succeeding("keys", "list", file, "--json").json().get("keys");
    return ((List<?>) Objects.requireNonNull(listed))
        .stream().map(key -> CommandRun.object(key).get("id")).toList();
  }

  @Test
  void otherKeysAreNamed() {
    String others = directory.resolve("others.json").toString();
    succeeding("keys", "new", others);
    String[] wrong = {"--keys", others};
    assertThat(failing(28, backup(store, wrong)).err())
        .contains(String.valueOf(keyIds(keys).get(0)), String.valueOf(keyIds(others).get(0)));
    failing(28, stored("check", wrong));
  }

  @Test
  void aPlainBackupTakesNothingSealed() throws IOException {
    Path plain = directory.resolve("plain");
    String place = StoreUris.of(plain);
    succeeding(backup(place, "--range", "[0, 20)"));
    String before = files(plain).keySet().toString();

    assertThat(failing(20, backup(place, "--keys", keys)).err()).contains("is not sealed");
    failing20("check", "--store", place, "--name", "world", "--keys", keys);

    assertThat(files(plain).keySet().toString()).isEqualTo(before);
    succeeding(backup(place));
  }

  /** Of a whole backup: each object takes the place of each other one. */
  @Test
  void anExchangedOrChangedObjectIsCorrupt() throws IOException {
    Path spoiled = directory.resolve("spoiled");
    String place = StoreUris.of(spoiled);
    String[] check = {"check", "--store", place, "--name", "world", "--keys", keys};
    succeeding(backup(place, "--keys", keys));
    Map<String, byte[]> files = files(spoiled);
    for (String name : files.keySet()) {
      Path file = spoiled.resolve(name);
      for (String other : files.keySet()) {
        if (!other.equals(name)) {
          Files.write(file, files.get(other));
          assertThat(CommandRun.of(check).exitCode()).as(name + " is " + other).isEqualTo(20);
        }
      }
      byte[] cut = Arrays.copyOf(files.get(name), files.get(name).length - 1);
      Files.write(file, cut);
      failing20(check);
      Files.write(file, files.get(name));
    }
    succeeding(check);
  }

  private static void failing20(String... args) {
    CommandRun run = CommandRun.of(args);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(20);
    assertThat(run.out() + run.err()).doesNotContain(CANARY);
  }

  @Test
  void theEnvironmentNamesTheKeysForEveryStore() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    Map<String, String> environment = Map.of("DCB_KEYS", keys, "DCB_STORE", store);
    Console console = new Console(stream, stream, false);

    assertThat(Main.run(new String[] {"check", "--name", "world"}, console, environment))
        .as(printed.toString(StandardCharsets.UTF_8))
        .isZero();
    assertThat(
            Main.run(
                new String[] {"verify", "--restore", "--name", "world", "--store", store},
                console,
                environment))
        .as(printed.toString(StandardCharsets.UTF_8))
        .isZero();
  }

  @Test
  void keysAreListedAndNeverPrinted() throws IOException {
    String file = directory.resolve("more.json").toString();
    CommandRun made = succeeding("keys", "new", file);
    CommandRun rotated = succeeding("keys", "rotate", file);
    CommandRun listed = succeeding("keys", "list", file, "--json");
    assertThat(made.out()).contains("enabled, primary", "a lost key loses the backup");
    assertThat(rotated.out().lines().filter(line -> line.startsWith("key "))).hasSize(2);
    assertThat(keyIds(file)).hasSize(2);
    String json = Files.readString(Path.of(file));
    Matcher material = MATERIAL.matcher(json);
    while (material.find()) {
      assertThat(made.out() + rotated.out() + listed.out()).doesNotContain(material.group(1));
    }
    failing(2, "keys", "new", file);
    failing(2, "keys", "drop", file);
    failing(2, "keys", "list", directory.resolve("no.json").toString());
    assertThat(Files.readString(Path.of(file))).isEqualTo(json);
  }

  /** In a process of its own, with every log line. */
  @Test
  void aProcessPrintsNoneAtTrace() throws Exception {
    String[] restore =
        opened(
            "restore",
            "--verbose",
            "--target",
            system.clientMap().replace("databases", "others"),
            "--db",
            "traced",
            "--create");
    assertThat(printed(0, "-Xmx1g", restore)).contains("restored backup=world");
  }

  /** A segment that is larger than the heap. */
  @Test
  void aProcessWithoutMemoryPrintsNone() throws Exception {
    String place = StoreUris.of(directory.resolve("large"));
    DatomicConnection large = system.database("large");
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 4; i++) {
      List<Object> docs = new ArrayList<>();
      for (int j = 0; j < 1_500; j++) {
        StringBuilder doc = new StringBuilder(CANARY);
        while (doc.length() < 4_000) {
          doc.append(Long.toString(random.nextLong(), Character.MAX_RADIX));
        }
        docs.add(Edn.read("{:db/doc \"" + doc + "\"}"));
      }
      large.transact(docs);
    }
    succeeding(
        "backup",
        "--source",
        system.clientMap(),
        "--db",
        "large",
        "--store",
        place,
        "--keys",
        keys);
    String[] check = {"check", "--level", "decode", "--store", place, "--name", "large"};
    String[] traced = with(check, "--verbose", "--keys", keys);
    assertThat(printed(0, "-Xmx512m", traced)).contains("sound");
    assertThat(printed(1, "-Xmx24m", traced)).contains("OutOfMemoryError");
  }

  /** What a process prints, standard error included, in which there is no secret. */
  private static String printed(int exitCode, String heap, String... arguments) throws Exception {
    List<String> options =
        List.of(
            heap,
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
            "-Dorg.slf4j.simpleLogger.log.com.fulcrologic.datomiccloudbackup=trace");
    List<String> command = ChildJvm.command(options, Main.class, arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed;
    try (InputStream output = process.getInputStream()) {
      printed = new String(output.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(process.waitFor()).as(printed).isEqualTo(exitCode);
    Matcher material = MATERIAL.matcher(Files.readString(Path.of(keys)));
    assertThat(material.find()).isTrue();
    assertThat(printed).doesNotContain(CANARY, material.group(1));
    return printed;
  }
}
