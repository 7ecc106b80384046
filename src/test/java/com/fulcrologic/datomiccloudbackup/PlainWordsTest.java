package com.fulcrologic.datomiccloudbackup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The comments of the main code, the README and the documents are plain technical English: no
 * sentence begins with a relative clause, none is longer than 30 words, and some words are not
 * used.
 */
class PlainWordsTest {
  private static final Path MAIN = Path.of("src", "main", "java");

  /** The command line's own help, which is written where each command is. */
  private static final Path GENERATED = Path.of("docs/cli.adoc");

  private static final Pattern BLOCK = Pattern.compile("/\\*(.*?)\\*/", Pattern.DOTALL);
  private static final Pattern LINE =
      Pattern.compile("(?:^[^\"\\n]*?//[^\\n]*\\n)+", Pattern.MULTILINE);

  @Test
  void theMainCodeIsPlain() throws IOException {
    List<String> findings = new ArrayList<>();
    try (Stream<Path> files = Files.walk(MAIN)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        for (String finding : findings(Files.readString(file))) {
          findings.add(MAIN.relativize(file).getFileName() + ": " + finding);
        }
      }
    }
    assertThat(findings).isEmpty();
  }

  @Test
  void theDocumentsArePlain() throws IOException {
    List<String> findings = new ArrayList<>();
    for (Path file : documents()) {
      for (String sentence : Prose.sentencesOfAsciiDoc(Files.readString(file))) {
        Prose.fault(sentence).ifPresent(fault -> findings.add(file + ": " + fault));
      }
    }
    assertThat(findings).isEmpty();
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(Path.of("README.adoc")));
    try (Stream<Path> files = Files.walk(Path.of("docs"))) {
      files
          .filter(file -> file.toString().endsWith(".adoc") && !file.equals(GENERATED))
          .forEach(documents::add);
    }
    return documents;
  }

  @Test
  void eachRuleFindsItsFaultInADocument() {
    String longOne = "word ".repeat(Prose.WORD_COUNT_MAX + 1);
    assertThat(faultsOfAsciiDoc("== What flows\n\nA store.\n")).hasSize(1);
    assertThat(faultsOfAsciiDoc("* A store.\n* Where it is full,\n  it fails.\n")).hasSize(1);
    assertThat(faultsOfAsciiDoc("A store. " + longOne + "\n" + longOne)).hasSize(1);
    assertThat(faultsOfAsciiDoc("|===\n| a store | it goes on\n| somebody\n|===\n")).hasSize(2);
    assertThat(faultsOfAsciiDoc("`demo`:: tells a lot.\n")).hasSize(1);
    assertThat(faultsOfAsciiDoc("A `name` that\nnobody has.\n")).hasSize(1);
    assertThat(
            faultsOfAsciiDoc(
                """
                = A store

                [source,bash]
                ----
                nobody tells
                ----

                // nobody
                What is it?
                It is `nobody`, see xref:nobody.adoc[a page].
                """))
        .isEmpty();
  }

  private static List<String> faultsOfAsciiDoc(String text) {
    return Prose.sentencesOfAsciiDoc(text).stream()
        .flatMap(sentence -> Prose.fault(sentence).stream())
        .toList();
  }

  @Test
  void eachRuleFindsItsFault() {
    String longOne = "word ".repeat(Prose.WORD_COUNT_MAX + 1);
    assertThat(findings("/** What was fetched goes along. */")).hasSize(1);
    assertThat(findings("/** A summary. Where it is full, it forgets. */")).hasSize(1);
    assertThat(findings("int x; // Who asks twice waits twice\n")).hasSize(1);
    assertThat(findings("/** " + longOne + ". */")).hasSize(1);
    assertThat(findings("/** A summary.\n *\n * @param x " + longOne + "\n */")).hasSize(1);
    assertThat(findings("/** The store tells how many. */")).hasSize(1);
    assertThat(findings("/** The name that nobody has. */")).hasSize(1);
    assertThat(findings("/** That which is. */ // somebody\n")).hasSize(2);
    assertThat(findings("/** The store reports the number. */\nint whoever = 1; // a number\n"))
        .isEmpty();
  }

  private static List<String> findings(String source) {
    List<String> findings = new ArrayList<>();
    for (String comment : comments(source)) {
      for (String sentence : sentences(comment)) {
        Prose.fault(sentence).ifPresent(findings::add);
      }
    }
    return findings;
  }

  private static List<String> comments(String source) {
    List<String> comments = new ArrayList<>();
    BLOCK
        .matcher(source)
        .results()
        .forEach(block -> comments.add(block.group(1).replaceAll("(?m)^\\s*\\*+ ?", "")));
    LINE.matcher(source)
        .results()
        .forEach(lines -> comments.add(lines.group().replaceAll("(?m)^.*?//\\s?", "")));
    return comments;
  }

  /** A tag, a paragraph and an item of a list end a sentence, too. */
  private static List<String> sentences(String comment) {
    String text =
        comment
            .replaceAll("(?s)<pre>.*?</pre>", " ")
            .replaceAll("\\{@\\w+\\s+([^}]*)\\}", "$1")
            .replaceAll("(?m)^\\s*@(?:param|throws|return|see)\\s+\\S*", ". ")
            .replaceAll("<[^>]+>", ". ")
            .replaceAll("^\\**\\s*", "")
            .replaceAll("\\s+", " ");
    return Prose.sentences(text);
  }
}
