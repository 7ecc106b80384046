package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher of the unpacked distribution, run as its user runs it. */
class LauncherIT {
  private static final Pattern COMPILED =
      Pattern.compile(" source: __JVM_DefineClass__|\\$eval\\d+ source: ");

  @TempDir Path directory;

  @Test
  void namesItselfAndAnswersThroughALink() throws IOException, InterruptedException {
    Path link = Files.createSymbolicLink(directory.resolve("d c b"), dcb());
    CommandRun version = run(link, Map.of(), "version");
    assertThat(version.exitCode()).as(version.err()).isZero();
    assertThat(version.out()).startsWith("datomic-cloud-backup ").doesNotContain("(not packaged)");
    assertThat(run(link, Map.of(), "backups").err()).contains("see dcb backups --help");
  }

  @Test
  void theFirstRunThatStartsDatomicWritesTheArchiveThatLaterRunsUse()
      throws IOException, InterruptedException {
    Path cache = directory.resolve("cache");
    Map<String, String> environment = Map.of("DCB_CACHE", cache.toString());
    String map =
        "{:server-type :datomic-local :system \"s\" :storage-dir \"" + directory + "/none\"}";
    CommandRun first = run(dcb(), environment, "doctor", "--source", map);
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.err()).isEmpty();
    try (Stream<Path> files = Files.list(cache)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .singleElement()
          .asString()
          .matches("classes-\\d+\\.jsa");
    }
    CommandRun second = run(dcb(), environment, "doctor", "--source", map);
    assertThat(second).isEqualTo(first);
    CommandRun classes =
        run(
            dcb(),
            Map.of("DCB_CACHE", cache.toString(), "DCB_JAVA_OPTS", "-Xlog:class+load:stderr"),
            "version");
    assertThat(classes.err()).contains("shared objects file (top)");
  }

  /** Compiling libraries from their sources is most of the time of a start. */
  @Test
  void startsWithoutCompilingClojure() throws IOException, InterruptedException {
    Path shop = directory.resolve("shop");
    CommandRun demo =
        run(dcb(), Map.of(), "demo", "--transactions", "100", "--dir", shop.toString());
    assertThat(demo.exitCode()).as(demo.err()).isZero();
    String local =
        "{:server-type :datomic-local :system \"source\" :storage-dir \"%s/databases\"}"
            .formatted(shop);
    String store = "file:" + shop + "/backup";
    String peer = "{:server-type :peer :uri \"datomic:mem://%s\"}";
    String cloud =
        "{:server-type :cloud :region \"us-east-1\" :system \"s\" :endpoint"
            + " \"http://127.0.0.1:9/\"}";
    assertNothingCompiled(0, "status", "--source", local, "--db", "shop", "--store", store);
    assertNothingCompiled(0, "doctor", "--target", peer);
    assertNothingCompiled(ExitCode.INCOMPLETE, "doctor", "--source", cloud);
  }

  /** A class that Clojure compiles while it runs comes from no file; some evaluate one form. */
  private void assertNothingCompiled(int exitCode, String... args)
      throws IOException, InterruptedException {
    Path log = directory.resolve("classes.log");
    CommandRun run =
        run(
            dcb(),
            Map.of("DCB_CACHE", "off", "DCB_JAVA_OPTS", "-Xlog:class+load:file=" + log),
            args);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    assertThat(Files.readAllLines(log))
        .as(String.join(" ", args))
        .anyMatch(line -> line.contains(" clojure.core.async__init source: file:"))
        .noneMatch(line -> COMPILED.matcher(line).find());
  }

  /** Those who do not use Datomic Pro do not pay for it, but for a namespace that both have. */
  @Test
  void aCommandOnLocalLoadsOneNamespaceOfThePeerAtMost() throws IOException, InterruptedException {
    String demo = directory.resolve("demo").toString();
    assertThat(run(dcb(), Map.of(), "demo", "--dir", demo, "--transactions", "100").exitCode())
        .isZero();
    CommandRun status =
        run(
            dcb(),
            Map.of("DCB_CACHE", "off", "DCB_JAVA_OPTS", "-Xlog:class+load:stderr"),
            "status",
            "--store",
            "file:" + demo + "/backup",
            "--name",
            "shop",
            "--db",
            "shop",
            "--source",
            "{:server-type :datomic-local :system \"source\" :storage-dir \""
                + demo
                + "/databases\"}");
    assertThat(status.exitCode()).as(status.out()).isZero();
    Set<String> peer = classesOfThePeer();
    assertThat(peer).hasSizeGreaterThan(1_000).contains("datomic.Peer");
    Set<String> loaded = new TreeSet<>();
    Pattern.compile("(?m)^\\[[^\\]]*\\]\\[[^\\]]*\\]\\[[^\\]]*\\] (\\S+) source:")
        .matcher(status.err())
        .results()
        .forEach(match -> loaded.add(match.group(1)));
    assertThat(loaded).hasSizeGreaterThan(5_000).contains("clojure.lang.Keyword");
    loaded.retainAll(peer);
    // Local's client has this namespace as source; Clojure prefers the newer one, compiled.
    assertThat(loaded).allMatch(name -> name.matches("datomic\\.query\\.support(__init|\\$.*)"));
  }

  @Test
  void aCacheThatCannotBeWrittenDoesNoHarm() throws IOException, InterruptedException {
    assertThat(run(dcb(), Map.of("DCB_CACHE", "/proc/none"), "version").exitCode()).isZero();
    assertThat(run(dcb(), Map.of("DCB_CACHE", "off"), "version").exitCode()).isZero();
  }

  @Test
  void withoutJavaItSaysWhatToDo() throws IOException, InterruptedException {
    CommandRun run = run(dcb(), Map.of("JAVA_HOME", "/nowhere"), "version");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            "error: there is no Java to run\nhint: install Java 17 or later, or set JAVA_HOME\n");
  }

  @Test
  void completionsAreBesideIt() {
    Path completions = Path.of(System.getProperty("cli.home"), "completions");
    for (String name : List.of("dcb.bash", "_dcb", "dcb.fish")) {
      assertThat(completions.resolve(name)).content().contains("txns-per-segment");
    }
  }

  private static Set<String> classesOfThePeer() throws IOException {
    String path =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(each -> each.matches(".*/peer-[0-9.]+\\.jar"))
            .findFirst()
            .orElseThrow();
    try (JarFile jar = new JarFile(path)) {
      return jar.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.endsWith(".class"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .collect(Collectors.toSet());
    }
  }

  private static Path dcb() {
    return Path.of(System.getProperty("cli.home"), "bin/dcb");
  }

  static CommandRun run(Path program, Map<String, String> environment, String... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(args));
    Path err = Files.createTempFile("dcb", ".err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
    String printed = Files.readString(err);
    Files.delete(err);
    return new CommandRun(process.exitValue(), out, printed);
  }
}
