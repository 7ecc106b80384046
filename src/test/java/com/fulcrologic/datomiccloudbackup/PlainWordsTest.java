package com.fulcrologic.datomiccloudbackup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The comments of the main code are plain technical English: no sentence begins with a relative
 * clause, none is longer than 30 words, and some words are not used.
 */
class PlainWordsTest {
  private static final Path MAIN = Path.of("src", "main", "java");
  private static final int WORD_COUNT_MAX = 30;

  private static final Pattern BLOCK = Pattern.compile("/\\*(.*?)\\*/", Pattern.DOTALL);
  private static final Pattern LINE =
      Pattern.compile("(?:^[^\"\\n]*?//[^\\n]*\\n)+", Pattern.MULTILINE);
  private static final Pattern OPENING = Pattern.compile("(?:What|Who|Where|That|Whoever)\\b.*");
  private static final Pattern WORD = Pattern.compile("[\\w'-]+");
  private static final Pattern FOREIGN =
      Pattern.compile(
          "\\b(?:whoever|somebody|nobody|tells|is told|are told|bears?|bore|goes on|go on|living"
              + "|stands? (?:in|at|there))\\b",
          Pattern.CASE_INSENSITIVE);

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
  void eachRuleFindsItsFault() {
    String longOne = "word ".repeat(WORD_COUNT_MAX + 1);
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
        Matcher foreign = FOREIGN.matcher(sentence);
        if (OPENING.matcher(sentence).matches()) {
          findings.add("opens with a relative clause: " + sentence);
        } else if (WORD.matcher(sentence).results().count() > WORD_COUNT_MAX) {
          findings.add("more than " + WORD_COUNT_MAX + " words: " + sentence);
        } else if (foreign.find()) {
          findings.add("uses \"" + foreign.group() + "\": " + sentence);
        }
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
    return Stream.of(text.split("(?<=[.!?:;]) "))
        .map(String::strip)
        .filter(sentence -> !sentence.isEmpty())
        .toList();
  }
}
