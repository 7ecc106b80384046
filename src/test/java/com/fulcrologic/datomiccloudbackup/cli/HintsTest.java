package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.exceptions.ForeignSourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The library speaks to a program, the command line to a terminal: only that names flags. */
class HintsTest {
  private static final Pattern FLAG = Pattern.compile("\"[^\"\n]*(?<![\\w-])--[a-z][^\"\n]*\"");

  @Test
  void theLibraryNamesNoFlag() throws IOException {
    for (String source : librarySources()) {
      assertThat(FLAG.matcher(source).results().map(found -> found.group())).isEmpty();
    }
    assertThat(FLAG.matcher("hint(\"adopt it with --adopt\")").find()).isTrue();
  }

  @Test
  void theCommandLineNamesTheFlagForWhatTheLibrarySays() throws IOException {
    List<String> sources = librarySources();
    assertThat(Problem.FLAGS.keySet())
        .allSatisfy(said -> assertThat(sources).anyMatch(source -> source.contains(said)));
    Problem problem = Problem.of(new ForeignSourceException("m", "either adopt it; or not"));
    assertThat(problem.hint()).isEqualTo("either adopt it with --adopt; or not");
    Problem excised = Problem.of(new ForeignSourceException("m", "adopt the excision to continue"));
    assertThat(excised.hint()).isEqualTo("continue with --adopt-excision");
  }

  private static List<String> librarySources() throws IOException {
    try (Stream<Path> files =
        Files.walk(Path.of("src/main/java/com/fulcrologic/datomiccloudbackup"))) {
      List<Path> found =
          files
              .filter(each -> each.toString().endsWith(".java"))
              .filter(each -> !each.toString().contains("/cli/"))
              .toList();
      assertThat(found).hasSizeGreaterThan(100);
      return found.stream().map(HintsTest::read).toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
