package com.fulcrologic.datomiccloudbackup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each place that names the version names the POM's; docs/releasing.adoc lists the places. */
class VersionTest {
  private static final Pattern POM = Pattern.compile("\n  <version>(.+)</version>");
  private static final Pattern DEPS =
      Pattern.compile("com.fulcrologic/datomic-cloud-backup +\\{:mvn/version \"(.+?)\"");
  private static final Map<String, Pattern> PLACES =
      Map.of(
          "README.adoc",
          DEPS,
          "docs/library.adoc",
          Pattern.compile("<artifactId>datomic-cloud-backup</artifactId>\\s+<version>(.+)<"),
          "docs/clojure.adoc",
          DEPS,
          "docs/ion/deps.edn",
          DEPS,
          "docs/operate.adoc",
          Pattern.compile("example.org/datomic-cloud-backup:(\\S+)"),
          "docs/changelog.adoc",
          Pattern.compile("\n== (\\d+\\.\\d+\\.\\d+)\n"),
          "pom.xml",
          Pattern.compile("<tag>v(.+)</tag>"));

  @Test
  void eachPlaceNamesThePomsVersion() throws IOException {
    String version = found(POM, "pom.xml");
    Map<String, String> others = new TreeMap<>();
    for (Map.Entry<String, Pattern> place : PLACES.entrySet()) {
      others.put(place.getKey(), found(place.getValue(), place.getKey()));
    }
    others.values().removeIf(version::equals);
    assertThat(others).isEmpty();
  }

  @Test
  void theGuideForReleasesNamesEachPlace() throws IOException {
    String guide = Files.readString(Path.of("docs/releasing.adoc"));
    String steps = guide.substring(guide.indexOf("\n. Choose"), guide.indexOf("\n. From 0.2.0"));
    assertThat(steps).contains(PLACES.keySet().stream().map(place -> "`" + place + "`").toList());
    Set<String> unreleased = new TreeSet<>();
    try (DirectoryStream<Path> documents = Files.newDirectoryStream(Path.of("docs"), "*.adoc")) {
      for (Path document : documents) {
        if (Files.readString(document).contains("Nothing is released yet")) {
          unreleased.add("`" + document.toString().replace('\\', '/') + "`");
        }
      }
    }
    String before = guide.substring(0, guide.indexOf("\n. Choose"));
    unreleased.removeIf(before::contains);
    assertThat(unreleased).isEmpty();
  }

  private static String found(Pattern pattern, String file) throws IOException {
    Matcher matcher = pattern.matcher(Files.readString(Path.of(file)));
    return matcher.find() ? matcher.group(1) : "none";
  }
}
