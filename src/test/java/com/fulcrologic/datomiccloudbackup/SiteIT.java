package com.fulcrologic.datomiccloudbackup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rendered documents: every link in them leads somewhere, also to the place in a page. */
class SiteIT {
  private static final Path SITE = Path.of("target/site-docs");
  private static final Pattern LINK = Pattern.compile("<a [^>]*href=\"([^\"]*)\"");

  @TempDir private Path directory;

  @Test
  void everyLinkLeadsSomewhere() throws Exception {
    List<Path> pages = pages(SITE);
    assertThat(pages).hasSizeGreaterThan(15).contains(SITE.resolve("index.html"));
    Set<String> broken = new TreeSet<>();
    for (Path page : pages) {
      broken.addAll(broken(page));
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void aLinkThatLeadsNowhereIsFound() throws Exception {
    Files.writeString(directory.resolve("b.html"), "<h2 id=\"there\">");
    Path page =
        Files.writeString(
            directory.resolve("a.html"),
            Stream.of(
                    "#here",
                    "c.html",
                    "b.html#gone",
                    "b.html#there",
                    "s3.adoc",
                    "https://a.example")
                .map(link -> "<a href=\"" + link + "\">")
                .reduce("", String::concat));
    assertThat(broken(page))
        .containsExactly(
            "a.html: #here", "a.html: b.html#gone", "a.html: c.html", "a.html: s3.adoc");
  }

  private static Set<String> broken(Path page) throws Exception {
    Set<String> broken = new TreeSet<>();
    for (var match : LINK.matcher(Files.readString(page)).results().toList()) {
      String link = match.group(1);
      if (!link.matches("[a-z]+:.*") && !leadsSomewhere(page, link)) {
        broken.add(page.getFileName() + ": " + link);
      }
    }
    return broken;
  }

  private static boolean leadsSomewhere(Path page, String link) throws Exception {
    String[] parts = link.split("#", 2);
    Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
    return Files.isRegularFile(file)
        && (parts.length == 1
            || parts[1].isEmpty()
            || Files.readString(file).contains(" id=\"" + parts[1] + "\""));
  }

  private static List<Path> pages(Path site) throws Exception {
    try (Stream<Path> files = Files.walk(site)) {
      return files.filter(file -> file.toString().endsWith(".html")).sorted().toList();
    }
  }
}
