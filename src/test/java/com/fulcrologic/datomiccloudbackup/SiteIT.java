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

/**
 * The rendered documents: every link in them leads somewhere, also to the place in a page; every
 * page has a menu and its neighbours, and loads nothing from another host.
 */
class SiteIT {
  private static final Path SITE = Path.of("target/site-docs");
  private static final Pattern LINK = Pattern.compile("<a [^>]*href=\"([^\"]*)\"");

  /** Whatever a browser fetches by itself: not the links that a reader may follow. */
  private static final Pattern FETCHED =
      Pattern.compile(
          "<(?:script|img|link|iframe|source|object)\\b[^>]*(?:src|href|data)=\"((?:https?:)?//[^\"]*)\""
              + "|url\\(['\"]?((?:https?:)?//[^)]*)\\)|@import[^;]*//[^;]*;");

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

  @Test
  void everyPageHasItsFrameAndAsksNoOtherHost() throws Exception {
    Set<String> faults = new TreeSet<>();
    for (Path page : pages(SITE)) {
      faults.addAll(faults(page.getFileName().toString(), Files.readString(page)));
    }
    assertThat(faults).isEmpty();
    assertThat(SITE.resolve("site/lunr.js")).isNotEmptyFile();
    assertThat(SITE.resolve("search-index.js")).content().contains("\"page\":\"guarantees\"");
  }

  @Test
  void anOptionAndANumberStayOnOneLine() {
    assertThat(SITE.resolve("restore.html"))
        .content()
        .contains("<code class=\"short\">--to-instant</code>")
        .doesNotContain("<code>--");
    assertThat(SITE.resolve("performance.html"))
        .content()
        .contains("83&#160;000")
        .doesNotContain("83 000");
  }

  @Test
  void aPageWithoutAFrameOrWithAForeignFileIsFound() {
    assertThat(faults("a", "<link rel=\"stylesheet\" href=\"//fonts.example/x.css\">")).hasSize(4);
    assertThat(faults("a", "<script src=\"https://cdn.example/x.js\">")).hasSize(4);
    assertThat(faults("a", "<style>@import url(https://fonts.example/x);</style>")).hasSize(4);
    assertThat(faults("a", "<a href=\"https://a.example\">")).hasSize(3);
  }

  private static Set<String> faults(String page, String html) {
    Set<String> faults = new TreeSet<>();
    String withoutComments = html.replaceAll("(?s)/\\*.*?\\*/", "");
    FETCHED
        .matcher(withoutComments)
        .results()
        .forEach(each -> faults.add(page + ": " + each.group()));
    if (!html.contains("<nav id=\"menu\"") || !html.contains("aria-current=\"page\"")) {
      faults.add(page + ": no menu that shows this page");
    }
    if (!html.contains("rel=\"prev\"") && !html.contains("rel=\"next\"")) {
      faults.add(page + ": no previous or next page");
    }
    if (!html.contains("id=\"search\"")) {
      faults.add(page + ": no search");
    }
    return faults;
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
