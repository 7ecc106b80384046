package com.fulcrologic.datomiccloudbackup;

import static com.fulcrologic.datomiccloudbackup.testing.DocumentedCommands.DEMO_LINE;
import static com.fulcrologic.datomiccloudbackup.testing.DocumentedCommands.JAR_COMMAND;
import static com.fulcrologic.datomiccloudbackup.testing.DocumentedCommands.JAR_LINE;
import static com.fulcrologic.datomiccloudbackup.testing.DocumentedCommands.VERIFY_LINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clojure.java.api.Clojure;
import clojure.lang.IFn;
import clojure.lang.Keyword;
import clojure.lang.RT;
import com.fulcrologic.datomiccloudbackup.cli.Main;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.testing.ChildJvm;
import com.fulcrologic.datomiccloudbackup.testing.DocumentedCommands;
import com.fulcrologic.datomiccloudbackup.testing.EndingProgram;
import com.fulcrologic.datomiccloudbackup.testing.LogComparison;
import com.fulcrologic.datomiccloudbackup.testing.ReadmeBlock;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * The README and the pages of the library are true: their commands run, their programs compile, do
 * what the text says, and end by themselves, and their queries find the right entities. Of the text
 * only the directory {@code /tmp/shop} is replaced.
 */
class ReadmeTest {
  private static final Path README = Path.of("README.adoc");
  private static final Path EXIT_CODES = Path.of("docs/exit-codes.adoc");
  private static final Path LIBRARY = Path.of("docs/library.adoc");

  /** The pages whose programs are run here, in the order of their commands. */
  static final List<Path> PAGES = List.of(README, LIBRARY, Path.of("docs/target.adoc"));

  private static final List<String> LANGUAGES = List.of("bash", "xml", "java", "clojure");
  private static final Pattern CLASS_NAME = Pattern.compile("public final class (\\w+) ");

  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  @TempDir static Path directory;

  /** Commands first, since the first of them makes the shop that everything else works on. */
  @TestFactory
  Stream<DynamicTest> everyBlockHolds() throws Exception {
    List<ReadmeBlock> blocks = new ArrayList<>();
    for (Path page : PAGES) {
      blocks.addAll(ReadmeBlock.of(Files.readString(page)));
    }
    return blocks.stream()
        .filter(ReadmeBlock::isRun)
        .sorted(Comparator.comparingInt(block -> LANGUAGES.indexOf(block.language())))
        .map(block -> DynamicTest.dynamicTest(block.toString(), () -> hold(block)));
  }

  @Test
  void itsMavenLinesAreThoseThatTheProjectChecksItselfWith() throws Exception {
    Set<String> lines = new TreeSet<>();
    for (ReadmeBlock block : ReadmeBlock.of(Files.readString(README))) {
      if (block.language().equals("bash")) {
        block.text().lines().filter(line -> line.startsWith("mvn")).forEach(lines::add);
      }
    }
    assertThat(lines).containsExactlyInAnyOrder(DEMO_LINE, VERIFY_LINE, JAR_LINE);
    assertThat(Files.readString(Path.of(".github/workflows/ci.yml")))
        .contains("run: " + DEMO_LINE + "\n", "run: " + VERIFY_LINE + "\n");
    assertThat(Files.readString(Path.of(".ci/run"))).contains("\n" + VERIFY_LINE + "\n");
  }

  @Test
  void theExitCodesAreTheCommandLines() throws Exception {
    Set<Integer> documented =
        Files.readString(EXIT_CODES)
            .lines()
            .filter(line -> line.matches("\\| \\d+ \\| .*"))
            .map(line -> Integer.valueOf(line.split(" ", -1)[1]))
            .collect(Collectors.toSet());
    Set<Integer> defined = new HashSet<>();
    Class<?> exitCode = Class.forName(Main.class.getPackageName() + ".ExitCode");
    for (Field field : exitCode.getDeclaredFields()) {
      if (field.getType() == int.class && Modifier.isStatic(field.getModifiers())) {
        field.setAccessible(true);
        defined.add(field.getInt(null));
      }
    }
    assertThat(documented).isEqualTo(defined);
  }

  @Test
  void theCompileScopeIsThePoms() throws Exception {
    Pom pom = new Pom();
    Set<String> compileScope = pom.compileScope();
    assertThat(compileScope).isNotEmpty();
    assertThat(Files.readString(LIBRARY))
        .contains(compileScope.stream().map(artifact -> "`" + artifact + "`").toList());
  }

  /** A test that cannot fail proves nothing: each kind of block, broken. */
  @Test
  void aBrokenBlockIsNoticed() {
    assertThatThrownBy(() -> hold(new ReadmeBlock(1, "python", "print(1)")))
        .hasMessageContaining("python");
    assertThatThrownBy(() -> hold(new ReadmeBlock(1, "", "anything")))
        .hasMessageContaining("language");
    assertThatThrownBy(() -> hold(new ReadmeBlock(1, "bash", "rm -r target")))
        .hasMessageContaining("rm -r target");
    assertThatThrownBy(() -> hold(new ReadmeBlock(1, "bash", JAR_COMMAND + "segments --nonsense")))
        .hasMessageContaining("unknown option: --nonsense");
    assertThatThrownBy(
            () -> hold(new ReadmeBlock(1, "java", "public final class FollowingRestore { x }")))
        .hasMessageContaining("does not compile");
    assertThatThrownBy(() -> hold(new ReadmeBlock(1, "clojure", "(no-such-function)")))
        .hasMessageContaining("Syntax error");
    assertThatThrownBy(
            () ->
                hold(
                    new ReadmeBlock(
                        1,
                        "xml",
                        "<dependencies><dependency><groupId>com.datomic</groupId>"
                            + "<artifactId>local</artifactId><version>0</version>"
                            + "</dependency></dependencies>")))
        .hasMessageContaining("com.datomic:local:0");
  }

  private static void hold(ReadmeBlock block) throws Exception {
    switch (block.language()) {
      case "bash" -> holdBash(block);
      case "java" -> holdJava(block);
      case "clojure" -> holdClojure(block);
      case "xml" -> holdXml(block);
      default -> throw new AssertionError("nothing tests the language of " + block);
    }
  }

  // Commands.

  private static void holdBash(ReadmeBlock block) {
    new DocumentedCommands(directory.resolve("shop")).run(block.text());
  }

  // Programs.

  private static void holdJava(ReadmeBlock block) throws Exception {
    var matcher = CLASS_NAME.matcher(block.text());
    assertThat(matcher.find()).as("%s has a class", block).isTrue();
    String className = matcher.group(1);
    Path program = compile(className, block.text());
    switch (className) {
      case "HourlyBackup" -> {
        run(program, className, copyOfTheShop("source"), "shop", store());
        assertThat(segmentCount()).isEqualTo(1);
      }
      case "FollowingRestore" -> {
        run(program, className, following(), "shop", store());
        LogComparison.assertEqual(source(), connect(following()));
      }
      case "RestoreForTesting" -> {
        String filtered = clientMap(directory.resolve("programs"), "filtered");
        run(program, className, filtered, "shop", store());
        requireFiltered(connect(filtered));
      }
      default -> throw new AssertionError("nothing runs " + className + " of " + block);
    }
  }

  private static Path compile(String className, String text) throws Exception {
    Path place = Files.createTempDirectory(directory, "program");
    Path file = Files.writeString(place.resolve(className + ".java"), text);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    ByteArrayOutputStream problems = new ByteArrayOutputStream();
    int result =
        compiler.run(
            null,
            problems,
            problems,
            "--release",
            "17",
            "-proc:none",
            "-Xlint:all,-classfile",
            "-Werror",
            "-cp",
            CLASS_PATH,
            "-d",
            place.toString(),
            file.toString());
    assertThat(result)
        .as("%s does not compile: %s", className, problems.toString(StandardCharsets.UTF_8))
        .isEqualTo(0);
    return place;
  }

  /** In a process of its own, which must end by itself: see {@link EndingProgram}. */
  private static void run(Path place, String className, String... args) throws Exception {
    String classPath = place + File.pathSeparator + CLASS_PATH;
    List<String> command = ChildJvm.command(classPath, List.of(), EndingProgram.class, className);
    command.addAll(List.of(args));
    Path output = directory.resolve(className + ".out");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as(className + " ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
  }

  private static void requireFiltered(DatomicConnection target) {
    Keyword phone = Keyword.intern("customer", "phone");
    Keyword email = Keyword.intern("customer", "email");
    View history = View.CURRENT.withHistory();
    try (Stream<Datom> phones = source().datoms(history, Index.AEVT, phone)) {
      assertThat(phones).isNotEmpty();
    }
    try (Stream<Datom> phones = target.datoms(history, Index.AEVT, phone)) {
      assertThat(phones).isEmpty();
    }
    try (Stream<Datom> emails = target.datoms(history, Index.AEVT, email)) {
      assertThat(emails)
          .isNotEmpty()
          .allMatch(datom -> ((String) datom.v()).endsWith("@test.example"));
    }
    assertThat(dateOf(target, target.basisT())).isBefore("2023-01-01T00:00:00Z");
  }

  private static Instant dateOf(DatomicConnection connection, long t) {
    try (Stream<Transaction> log = connection.txRange(new TxRange(t, t + 1))) {
      return log.flatMap(transaction -> transaction.datoms().stream())
          .filter(datom -> datom.v() instanceof Date)
          .map(datom -> ((Date) datom.v()).toInstant())
          .findFirst()
          .orElseThrow();
    }
  }

  // Clojure.

  private static void holdClojure(ReadmeBlock block) {
    String namespace = "readme-" + block.line();
    Clojure.var("clojure.core", "load-string").invoke("(ns " + namespace + ")" + block.text());
    if (block.text().contains("back-up-next-segment")) {
      Object connection = clojureConnection(shop("source"));
      Path store = directory.resolve("from-clojure");
      Object outcome =
          Clojure.var(namespace, "back-up-next-segment").invoke(connection, store.toString());
      assertThat((Integer) outcome).isPositive();
      Object target = clojureConnection(following());
      Object report = Clojure.var(namespace, "restore-all").invoke(target, store.toString());
      assertThat(((Map<?, ?>) report).get(Keyword.intern("equal?"))).isEqualTo(true);
    } else if (block.text().contains("restored-entity")) {
      requireFinds(namespace);
    } else {
      throw new AssertionError("nothing calls the functions of " + block);
    }
  }

  /** The last transaction of the source, and what it speaks of, are found in the target. */
  private static void requireFinds(String namespace) {
    Object database =
        Clojure.var("datomic.client.api", "db").invoke(clojureConnection(following()));
    long t = source().basisT();
    Object transaction = Clojure.var(namespace, "restored-transaction").invoke(database, t);
    DatomicConnection target = connect(following());
    assertThat(transaction).isEqualTo(Transaction.entityId(target.basisT()));
    assertThat(Clojure.var(namespace, "last-source-t").invoke(database)).isEqualTo(t);
    IFn restoredEntity = Clojure.var(namespace, "restored-entity");
    assertThat(restoredEntity.invoke(database, Transaction.entityId(t))).isEqualTo(transaction);
    assertThat(restoredEntity.invoke(database, skuOwner(source()))).isEqualTo(skuOwner(target));
  }

  private static long skuOwner(DatomicConnection connection) {
    Keyword sku = Keyword.intern("product", "sku");
    try (Stream<Datom> datoms = connection.datoms(View.CURRENT, Index.AVET, sku, "TEA-001")) {
      return datoms.findFirst().orElseThrow().e();
    }
  }

  private static Object clojureConnection(String clientMap) {
    Object client = Clojure.var("datomic.client.api", "client").invoke(Edn.read(clientMap));
    return Clojure.var("datomic.client.api", "connect")
        .invoke(client, RT.map(Keyword.intern("db-name"), "shop"));
  }

  // XML.

  private static void holdXml(ReadmeBlock block) throws Exception {
    Pom pom = new Pom();
    Document document = parse(block.text());
    NodeList dependencies = document.getElementsByTagName("dependency");
    assertThat(dependencies.getLength()).isPositive();
    for (int i = 0; i < dependencies.getLength(); i++) {
      assertThat(pom.itselfAndDependencies())
          .contains(pom.artifact((Element) dependencies.item(i)));
    }
  }

  private static Document parse(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new org.xml.sax.InputSource(new java.io.StringReader(xml)));
  }

  /** What the project's own pom says. */
  private static final class Pom {
    private final XPath xpath = XPathFactory.newInstance().newXPath();
    private final Document document;

    Pom() throws Exception {
      document = parse(Files.readString(Path.of("pom.xml")));
    }

    Set<String> itselfAndDependencies() throws Exception {
      Set<String> artifacts = new TreeSet<>(artifacts("/project/dependencies/dependency"));
      artifacts.add(artifact(document.getDocumentElement()));
      return artifacts;
    }

    Set<String> compileScope() throws Exception {
      return artifacts("/project/dependencies/dependency[not(scope) and not(optional)]");
    }

    private Set<String> artifacts(String path) throws Exception {
      NodeList found = (NodeList) xpath.evaluate(path, document, XPathConstants.NODESET);
      Set<String> artifacts = new TreeSet<>();
      for (int i = 0; i < found.getLength(); i++) {
        artifacts.add(artifact((Element) found.item(i)));
      }
      return artifacts;
    }

    /** As in {@code group:artifact:version}, properties resolved. */
    String artifact(Element element) throws Exception {
      return xpath.evaluate("groupId", element)
          + ":"
          + xpath.evaluate("artifactId", element)
          + ":"
          + resolved(xpath.evaluate("version", element));
    }

    private String resolved(String version) throws Exception {
      return version.startsWith("${")
          ? xpath.evaluate(
              "/project/properties/*[name()='" + version.substring(2, version.length() - 1) + "']",
              document)
          : version;
    }
  }

  // The shop, and where it goes.

  private static String shop(String system) {
    return clientMap(directory.resolve("shop/databases"), system);
  }

  /** A program's own, since two processes cannot open the same Datomic Local database. */
  private static String copyOfTheShop(String system) throws IOException {
    Path databases = directory.resolve("shop/databases");
    Path copy = directory.resolve("copy");
    try (Stream<Path> files = Files.walk(databases.resolve(system))) {
      for (Path file : files.toList()) {
        Path place = copy.resolve(databases.relativize(file));
        Files.createDirectories(place.getParent());
        Files.copy(file, place);
      }
    }
    return clientMap(copy, system);
  }

  private static String following() {
    return clientMap(directory.resolve("programs"), "following");
  }

  private static String clientMap(Path storage, String system) {
    Object map =
        RT.map(
            Keyword.intern("server-type"), Keyword.intern("datomic-local"),
            Keyword.intern("storage-dir"), storage.toString(),
            Keyword.intern("system"), system);
    return Edn.write(map);
  }

  private static DatomicConnection source() {
    return connect(shop("source"));
  }

  private static DatomicConnection connect(String clientMap) {
    return DatomicClient.ofEdn(clientMap).connect("shop");
  }

  private static String store() {
    return directory.resolve("by-program").toString();
  }

  private static long segmentCount() {
    return Cloning.with(
            com.fulcrologic.datomiccloudbackup.store.FilesystemBackupStore.at(Path.of(store())))
        .segments("shop")
        .size();
  }
}
