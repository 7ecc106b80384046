package com.fulcrologic.datomiccloudbackup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The tables of promises, of fidelity and of threats name tests that are there: they cannot rot
 * unseen.
 */
class PromisesTest {
  private static final Path PROMISES = Path.of("docs/promises.adoc");
  private static final Path TESTS = Path.of("src/test/java");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*)\\.(\\w+)`");
  private static final Pattern OF_A_STORE = Pattern.compile("^\\| ([1-6]|1[2-7])\n");
  private static final int SCENARIO_COUNT = 17;

  @ParameterizedTest
  @ValueSource(strings = {"docs/promises.adoc", "docs/fidelity.adoc", "docs/threat-model.adoc"})
  void everyTestThatIsNamedExists(String table) throws IOException {
    String text = Files.readString(Path.of(table));
    assertThat(TEST.matcher(text).results().count()).isGreaterThan(30);
    assertThat(missing(text)).isEmpty();
  }

  @Test
  void everyScenarioHasARowWithATest() throws IOException {
    String text = Files.readString(PROMISES);
    List<String> rows = List.of(text.substring(0, text.indexOf("\n== ")).split("\n\n"));
    for (int scenario = 1; scenario <= SCENARIO_COUNT; scenario++) {
      String begin = "| " + scenario + "\n";
      assertThat(rows.stream().filter(row -> row.startsWith(begin)))
          .singleElement()
          .matches(row -> TEST.matcher(row).find(), "names a test");
    }
  }

  /** Of what the stores promise: each test was seen to fail when something was broken. */
  @Test
  void everyTestOfAStoresPromiseWasSeenToFail() throws IOException {
    String text = Files.readString(PROMISES);
    int second = text.indexOf("\n== Seen to fail");
    Set<String> unseen = new TreeSet<>();
    for (String row : List.of(text.substring(0, second).split("\n\n"))) {
      if (OF_A_STORE.matcher(row).find()) {
        TEST.matcher(row).results().map(MatchResult::group).forEach(unseen::add);
      }
    }
    assertThat(unseen).hasSizeGreaterThan(50);
    TEST.matcher(text.substring(second)).results().map(MatchResult::group).forEach(unseen::remove);
    assertThat(unseen).isEmpty();
  }

  @Test
  void aTestThatIsNotThereIsFound() throws IOException {
    assertThat(missing("`PromisesTest.aTestThatIsNotThereIsFound`, `NoTest.at`, `PromisesTest.no`"))
        .containsExactly("NoTest.at", "PromisesTest.no");
  }

  private static Set<String> missing(String text) throws IOException {
    Map<String, Path> classes;
    try (Stream<Path> files = Files.walk(TESTS)) {
      classes =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.endsWith("package-info.java"))
              .collect(
                  Collectors.toMap(
                      file -> file.getFileName().toString().replace(".java", ""),
                      file -> file,
                      (one, other) -> one));
    }
    Set<String> missing = new TreeSet<>();
    Matcher named = TEST.matcher(text);
    while (named.find()) {
      Path file = classes.get(named.group(1));
      if (file == null || !declares(Files.readString(file), named.group(2))) {
        missing.add(named.group(1) + "." + named.group(2));
      }
    }
    return missing;
  }

  /** A method under one of JUnit's annotations. */
  private static boolean declares(String source, String method) {
    return Pattern.compile(
            "@(?:Test|RepeatedTest|ParameterizedTest)\\b(?:(?!\n  \\}\n).)*?void " + method + "\\(",
            Pattern.DOTALL)
        .matcher(source)
        .find();
  }
}
