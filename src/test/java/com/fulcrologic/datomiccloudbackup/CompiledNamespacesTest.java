package com.fulcrologic.datomiccloudbackup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.testing.OwnProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The build's step that compiles Clojure libraries for the runnable jar. */
class CompiledNamespacesTest {
  private static final String CLOJURE =
      Arrays.stream(
              System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                  .split(File.pathSeparator, -1))
          .filter(jar -> jar.contains("org" + File.separator + "clojure"))
          .collect(Collectors.joining(File.pathSeparator));

  @TempDir private Path directory;
  private Path classes;

  private record Ended(int exitCode, String printed) {}

  @BeforeEach
  void write() throws IOException {
    classes = directory.resolve("classes");
    library("1", "(ns a) (defn one [] 1)");
    library("2", "(ns a) (defn two [] 2)");
    library("3", "(ns a) (defn three [] no-such-name)");
  }

  @Test
  void printsNothingWhenItSucceeds() throws Exception {
    assertThat(compile("1")).isEqualTo(new Ended(0, ""));
    assertThat(names()).contains("a__init.class", "a$one.class");
  }

  @Test
  void leavesClassesAsTheyAreWhileNothingChanges() throws Exception {
    compile("1");
    Files.createFile(classes.resolve("left.class"));
    assertThat(compile("1")).isEqualTo(new Ended(0, ""));
    assertThat(names()).contains("left.class");
  }

  @Test
  void leavesNoClassOfAnotherVersion() throws Exception {
    compile("1");
    assertThat(compile("2")).isEqualTo(new Ended(0, ""));
    assertThat(names()).contains("a$two.class").doesNotContain("a$one.class");
  }

  @Test
  void printsWhyItFailsAndBeginsAnewTheNextTime() throws Exception {
    Ended broken = compile("3");
    assertThat(broken.exitCode()).isNotZero();
    assertThat(broken.printed()).contains("Unable to resolve symbol: no-such-name");
    assertThat(compile("3")).extracting(Ended::exitCode).isNotEqualTo(0);
  }

  private void library(String version, String source) throws IOException {
    Path library = Files.createDirectory(directory.resolve(version));
    Files.writeString(library.resolve("a.clj"), source);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(classes)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private Ended compile(String version) throws Exception {
    String classPath = CLOJURE + File.pathSeparator + directory.resolve(version);
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + directory, // for Clojure's report of a failure
            "-cp",
            classPath,
            "clojure.main",
            "src/main/dist/compile.clj",
            classes.toString(),
            "a");
    try (OwnProcess process = new OwnProcess(builder)) {
      return new Ended(process.exitCode(), process.toString());
    }
  }
}
