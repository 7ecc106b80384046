package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.testing.DocumentedCommands;
import com.fulcrologic.datomiccloudbackup.testing.ReadmeBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents say what newcomers stumbled over, in the place where they did. */
class NewcomerTest {
  private static final Path README = Path.of("README.adoc");
  private static final Path DOCS = Path.of("docs");

  @Test
  void aPageWithAProgramSpeaksOfThreads() throws IOException {
    Set<Path> withProgram = new TreeSet<>();
    for (Path page : pages()) {
      if (ReadmeBlock.of(Files.readString(page)).stream()
          .anyMatch(block -> block.text().contains("public static void main("))) {
        withProgram.add(page);
        assertThat(page)
            .content()
            .contains("interrupt a thread", "shutdownNow", "Agent.shutdown()");
      }
    }
    assertThat(withProgram).contains(README);
  }

  @Test
  void theReadmeNamesTheLimitsOfItsCommands() throws IOException {
    assertThat(README)
        .content()
        .contains(
            "The parent of a store's directory must exist",
            "`demo` takes " + DemoShop.TRANSACTION_COUNT_MIN + " `--transactions` or more",
            "Two processes cannot open the same Datomic Local database at once.");
  }

  /** A command that prints nothing for a minute looks as if it hung. */
  @Test
  void aBuildThatIsSilentSaysForHowLong() throws IOException {
    for (Path page : List.of(README, DOCS.resolve("quick-start.adoc"))) {
      String text = Files.readString(page);
      for (String command : List.of(DocumentedCommands.DEMO_LINE, DocumentedCommands.JAR_LINE)) {
        for (String paragraphs : paragraphsAround(command, text)) {
          assertThat(paragraphs)
              .as("%s: %s", page, command)
              .containsPattern("\\d (second|minute)s");
        }
      }
    }
  }

  /** Both paragraphs around each block of this one line. */
  private static List<String> paragraphsAround(String line, String text) {
    return Pattern.compile("([^\n]+\n)+\n\\[.*]\n----\n" + line + "\n----\n\n([^\n]+\n)+")
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .toList();
  }

  /** The number itself is counted by the dry run of a release. */
  @Test
  void theNumberOfJarsStandsWhereTheDryRunLooksForIt() {
    assertThat(Path.of(".ci/release-dry-run"))
        .content()
        .contains("grep -q \"With Datomic Local, $jars jars of\" docs/library.adoc");
    assertThat(DOCS.resolve("library.adoc"))
        .content()
        .containsPattern("With Datomic Local, \\d+ jars of");
  }

  @Test
  void noListingCarriesAWarning() throws IOException {
    for (Path page : pages()) {
      assertThat(page).content().doesNotContainPattern("(?mi)^[.*_]*not run by a test");
    }
  }

  @Test
  void performanceBeginsWithTheTableOfWholeDatabases() throws IOException {
    String page = Files.readString(DOCS.resolve("performance.adoc"));
    int table = page.indexOf("\n|===");
    assertThat(page.substring(0, table)).contains("\n== 100 million and 10 billion datoms\n");
    assertThat(page.substring(0, table).split("\n== ", -1)).hasSize(2);
  }

  @Test
  void theManifestsNeedNothingThatIsNotMadeOnTheirPage() throws IOException {
    String page = Files.readString(DOCS.resolve("operate.adoc"));
    String commands =
        ReadmeBlock.of(page).stream()
            .filter(block -> block.language().equals("console"))
            .map(ReadmeBlock::text)
            .collect(Collectors.joining());
    assertMade(
        page,
        "\"?image\"?: \"?([\\w./:-]+)",
        "docker build -f docs/kubernetes/Containerfile \\\n  -t %s ",
        commands);
    assertMade(page, "secretName\"?: \"?([\\w-]+)", "kubectl create secret generic %s ", commands);
    assertThat(DOCS.resolve("kubernetes/Containerfile"))
        .content()
        .contains("COPY --chmod=0644 datomic-cloud-backup-cli.jar ");
    assertThat(Path.of("pom.xml"))
        .content()
        .contains("<finalName>datomic-cloud-backup-cli</finalName>");
  }

  private static void assertMade(String page, String needed, String command, String commands) {
    Set<String> names = new TreeSet<>();
    Pattern.compile(needed).matcher(page).results().forEach(each -> names.add(each.group(1)));
    assertThat(names).isNotEmpty();
    assertThat(names).allMatch(name -> commands.contains(command.formatted(name)));
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.walk(DOCS)) {
      return Stream.concat(
              Stream.of(README), files.filter(file -> file.toString().endsWith(".adoc")))
          .toList();
    }
  }
}
