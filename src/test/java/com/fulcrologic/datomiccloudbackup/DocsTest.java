package com.fulcrologic.datomiccloudbackup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.testing.DocumentedCommands;
import com.fulcrologic.datomiccloudbackup.testing.ReadmeBlock;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The documents tell the truth as far as a machine can tell: each page's commands run, one after
 * the other, on the quick start's shop, programs compile, data parse, links lead to files. A block
 * that is not run has the role {@code not-run}, which no reader sees.
 */
class DocsTest {
  private static final Path DOCS = Path.of("docs");
  private static final String MAKE_SHOP =
      DocumentedCommands.JAR_COMMAND + "demo --dir /tmp/shop --transactions 200";

  private static final int LINE_LENGTH_MAX = 96;

  /** What looks like a command of ours, or of the build. */
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?m)^\\W*(java|mvn|cron|demo|backup|restore|segments|gaps|repair|check|plan|status|compact|verify"
              + "|replicate) +(-|EDN)|ExecStart|args:");

  private static final Pattern LINK =
      Pattern.compile("\\b(?:link|xref|include):{1,2}([^\\[\\s]*)\\[");

  @TempDir private static Path directory;

  @TestFactory
  Stream<DynamicTest> everyPageHolds() throws Exception {
    return pages().stream()
        .filter(page -> !ReadmeTest.PAGES.contains(page))
        .map(page -> DynamicTest.dynamicTest(page.toString(), () -> holdPage(page)));
  }

  @Test
  void everyLinkLeadsToAFile() throws Exception {
    Set<String> missing = new TreeSet<>();
    List<Path> pages = new ArrayList<>(pages());
    pages.add(Path.of("README.adoc"));
    for (Path page : pages) {
      missing.addAll(missingLinks(page, Files.readString(page)));
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void theIndexLeadsToEveryPage() throws Exception {
    Path index = DOCS.resolve("index.adoc"); // which begins with a part of the README
    Set<Path> linked = new TreeSet<>(Set.of(index));
    LINK.matcher(Files.readString(index))
        .results()
        .forEach(link -> linked.add(DOCS.resolve(link.group(1))));
    linked.remove(DOCS.resolve("../README.adoc"));
    assertThat(linked).containsExactlyInAnyOrderElementsOf(pages());
  }

  /** A longer line of a command would be hidden at the right of the page. */
  @Test
  void eachCommandFitsThePage() throws Exception {
    List<Path> pages = new ArrayList<>(pages());
    pages.add(Path.of("README.adoc"));
    for (Path page : pages) {
      for (ReadmeBlock block : ReadmeBlock.of(Files.readString(page))) {
        if (block.language().equals("bash")) {
          assertThat(block.text().lines())
              .as("%s, %s", page, block)
              .allMatch(line -> line.length() <= LINE_LENGTH_MAX);
        }
      }
    }
  }

  /** A test that cannot fail proves nothing: each kind of fault. */
  @Test
  void whatIsWrongIsNoticed() {
    DocumentedCommands nothing = new DocumentedCommands(directory.resolve("none"));
    for (ReadmeBlock wrong :
        List.of(
            new ReadmeBlock(1, "bash", DocumentedCommands.JAR_COMMAND + "gaps --nonsense"),
            new ReadmeBlock(1, "bash", "rm -r target"),
            new ReadmeBlock(1, "console", "anything"),
            new ReadmeBlock(1, "", "$ mvn -Pcloud"),
            new ReadmeBlock(1, "", "backup --follow"),
            new ReadmeBlock(1, "", "plan   --source EDN"),
            new ReadmeBlock(1, "clojure", "[[:db/add"),
            new ReadmeBlock(1, "json", "{\"a\": }"),
            new ReadmeBlock(1, "java", "S3Client client = S3Client.none();"))) {
      assertThatThrownBy(() -> hold(wrong, nothing)).as(wrong.text()).isNotNull();
    }
    assertThat(
            missingLinks(
                DOCS.resolve("index.adoc"),
                "link:s3.adoc[] xref:none.adoc[] link:decisions/none[] https://a.example[b]"
                    + " include::../NONE[] xref:s3.adoc#ceph[]"))
        .containsExactly(
            "docs/index.adoc: ../NONE",
            "docs/index.adoc: decisions/none",
            "docs/index.adoc: none.adoc");
  }

  private static List<Path> pages() throws Exception {
    try (Stream<Path> files = Files.walk(DOCS)) {
      return files.filter(file -> file.toString().endsWith(".adoc")).sorted().toList();
    }
  }

  private static Set<String> missingLinks(Path page, String text) {
    Set<String> missing = new TreeSet<>();
    for (var link : LINK.matcher(text).results().toList()) {
      String target = link.group(1).replaceAll("#.*", "");
      if (!target.contains(":") && !Files.exists(page.resolveSibling(target))) {
        missing.add(page + ": " + target);
      }
    }
    return missing;
  }

  private static void holdPage(Path page) throws Exception {
    List<ReadmeBlock> blocks = ReadmeBlock.of(Files.readString(page));
    DocumentedCommands commands =
        new DocumentedCommands(directory.resolve(page.getFileName() + "-shop"));
    if (blocks.stream().anyMatch(block -> block.text().contains("/tmp/shop"))
        && blocks.stream().noneMatch(block -> block.text().contains(" demo "))) {
      commands.run(MAKE_SHOP);
    }
    for (ReadmeBlock block : blocks) {
      hold(block, commands);
    }
  }

  private static void hold(ReadmeBlock block, DocumentedCommands commands) throws Exception {
    if (!block.isRun()) {
      return;
    }
    switch (block.language()) {
      case "bash" -> commands.run(block.text());
      case "ini" -> commands.configure(block.text());
      case "java" -> compile(block.text());
      case "json" -> parse(block.text());
      case "clojure" -> Edn.read(block.text());
      case "" ->
          assertThat(COMMAND.matcher(block.text()).find())
              .as("%s holds a command that is neither run nor said to be not run", block)
              .isFalse();
      default -> throw new AssertionError("nothing tests the language of " + block);
    }
  }

  private static void parse(String json) throws Exception {
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      while (parser.nextToken() != null) {}
    }
  }

  /** Statements, as they stand in a method of somebody who has a store and a registry. */
  private static void compile(String statements) throws Exception {
    Path place = Files.createTempDirectory(directory, "statements");
    String text =
        "import com.amazonaws.ClientConfiguration;\n"
            + "import com.amazonaws.services.s3.*;\n"
            + "import com.fulcrologic.datomiccloudbackup.*;\n"
            + "import com.fulcrologic.datomiccloudbackup.metrics.*;\n"
            + "import com.fulcrologic.datomiccloudbackup.store.*;\n"
            + "import com.fulcrologic.datomiccloudbackup.store.s3.*;\n"
            + "import com.fulcrologic.datomiccloudbackup.store.sealed.*;\n"
            + "import software.amazon.awssdk.services.s3.S3Client;\n"
            + "import io.micrometer.core.instrument.MeterRegistry;\n"
            + "class Statements {\n"
            + "void run(BackupStore backups, MeterRegistry registry) throws Exception {\n"
            + statements
            + "} }\n";
    Path file = Files.writeString(place.resolve("Statements.java"), text);
    ByteArrayOutputStream problems = new ByteArrayOutputStream();
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                problems,
                problems,
                "-proc:none",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "-d",
                place.toString(),
                file.toString());
    assertThat(result).as(problems.toString(StandardCharsets.UTF_8)).isZero();
  }
}
