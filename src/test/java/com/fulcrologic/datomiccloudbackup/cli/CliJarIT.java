package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/**
 * The runnable jar's two lists of its parts, for scanners and for readers, are complete. Beside the
 * parts' own classes it has some that were compiled from the parts' Clojure sources.
 */
class CliJarIT {
  private static final String OWN = "com/fulcrologic/";
  private static final String LIST = "META-INF/sbom/application.cdx.json";
  private static final String LICENCES = "META-INF/THIRD-PARTY.txt";
  private static final long SIZE_MAX = 70_000_000;
  private static final Pattern CLASS = Pattern.compile("\\.class$");
  private static final Pattern CLOJURE = Pattern.compile("\\.cljc?$");
  private static final Pattern ARTIFACT = Pattern.compile("pkg:maven/([^/]+)/([^@]+)@([^?]+)\\?.*");
  private static final Pattern LICENSED =
      Pattern.compile("(?m)^ +\\(.*\\) .* \\(([^: ]+:[^: ]+:[^ ]+) - .*\\)$");

  /** The class path of the tests holds all parts, among other jars. */
  private static final Map<String, String> JARS =
      Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
          .filter(path -> path.endsWith(".jar"))
          .collect(Collectors.toMap(path -> new File(path).getName(), path -> path, (a, b) -> a));

  @Test
  void theListOfPartsIsItsContents() throws IOException {
    try (JarFile jar = new JarFile(System.getProperty("cli.jar"))) {
      Set<String> listed = new TreeSet<>();
      Set<String> sources = new TreeSet<>();
      for (String part : parts(jar)) {
        String[] names = part.split(":", -1);
        try (JarFile library = new JarFile(jarOf(names[1] + "-" + names[2]))) {
          listed.addAll(names(library, CLASS));
          sources.addAll(names(library, CLOJURE));
        }
      }
      Set<String> packed = names(jar, CLASS);
      packed.removeIf(name -> name.startsWith(OWN));
      Set<String> compiled = new TreeSet<>(packed);
      compiled.removeAll(listed);
      assertThat(compiled).hasSizeGreaterThan(1000).allMatch(name -> isCompiledFrom(sources, name));
      packed.removeAll(compiled);
      assertThat(packed).hasSizeGreaterThan(1000).isEqualTo(listed);
    }
  }

  /** It is one download, and is copied to servers. */
  @Test
  void staysSmallEnough() {
    assertThat(new File(System.getProperty("cli.jar"))).isNotEmpty();
    assertThat(new File(System.getProperty("cli.jar")).length()).isLessThan(SIZE_MAX);
  }

  /** Classes of Clojure sources are for this jar alone: programs bring their own versions. */
  @Test
  void theLibraryHasNoClassesButItsOwn() throws IOException {
    try (JarFile jar = new JarFile(System.getProperty("library.jar"))) {
      assertThat(names(jar, CLASS)).isNotEmpty().allMatch(name -> name.startsWith(OWN));
    }
  }

  @Test
  void eachPartHasALicence() throws IOException {
    try (JarFile jar = new JarFile(System.getProperty("cli.jar"))) {
      String text = text(jar, LICENCES);
      assertThat(text).doesNotContain("Unknown license");
      assertThat(LICENSED.matcher(text).results().map(each -> each.group(1)))
          .containsExactlyInAnyOrderElementsOf(parts(jar));
    }
  }

  /**
   * Clojure makes {@code a/b__init}, {@code a/b$function} and {@code a/b/Type} from {@code a/b}.
   */
  private static boolean isCompiledFrom(Set<String> sources, String name) {
    String outermost = name.replaceFirst("(__init|\\$.*)$", "");
    return sources.contains(outermost)
        || sources.contains(outermost.substring(0, outermost.lastIndexOf('/')));
  }

  /** The jar of an artifact and version, whatever its classifier. */
  private static String jarOf(String name) {
    return JARS.keySet().stream()
        .filter(file -> file.equals(name + ".jar") || file.startsWith(name + "-"))
        .map(JARS::get)
        .findFirst()
        .orElseThrow(() -> new AssertionError("not on the class path: " + name));
  }

  /** As in {@code group:artifact:version}. */
  private static List<String> parts(JarFile jar) throws IOException {
    Set<String> parts = new TreeSet<>();
    try (JsonParser json = new JsonFactory().createParser(text(jar, LIST))) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.VALUE_STRING && "purl".equals(json.currentName())) {
          parts.add(ARTIFACT.matcher(json.getText()).replaceFirst("$1:$2:$3"));
        }
      }
    }
    parts.removeIf(part -> part.startsWith("com.fulcrologic:"));
    return List.copyOf(parts);
  }

  private static String text(JarFile jar, String name) throws IOException {
    try (InputStream bytes = jar.getInputStream(jar.getEntry(name))) {
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The names, without their ends, of entries that end so. */
  private static Set<String> names(JarFile jar, Pattern end) {
    return jar.stream()
        .map(ZipEntry::getName)
        .filter(name -> end.matcher(name).find() && !name.endsWith("module-info.class"))
        .map(name -> end.matcher(name).replaceFirst(""))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
