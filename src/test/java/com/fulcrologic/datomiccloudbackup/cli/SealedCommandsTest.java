package com.fulcrologic.datomiccloudbackup.cli;

import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.failing;
import static com.fulcrologic.datomiccloudbackup.cli.CommandRun.succeeding;
import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.SampleWorld;
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
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
    succeeding(stored("check", "--level", "names"));
    succeeding(stored("gaps"));
    assertThat(files(root).keySet().toString()).isEqualTo(before);
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
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                "-Dorg.slf4j.simpleLogger.log.com.fulcrologic.datomiccloudbackup=trace",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
    command.addAll(
        List.of(
            opened(
                "restore",
                "--verbose",
                "--target",
                system.clientMap().replace("databases", "others"),
                "--db",
                "traced",
                "--create")));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed;
    try (InputStream output = process.getInputStream()) {
      printed = new String(output.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(process.waitFor()).as(printed).isZero();
    Matcher material = MATERIAL.matcher(Files.readString(Path.of(keys)));
    assertThat(material.find()).isTrue();
    assertThat(printed).contains("restored backup=world").doesNotContain(CANARY, material.group(1));
  }
}
