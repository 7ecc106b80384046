package com.fulcrologic.datomiccloudbackup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The rules for a sentence of this project, and the sentences of an AsciiDoc text. */
final class Prose {
  static final int WORD_COUNT_MAX = 30;

  private static final Pattern OPENING =
      Pattern.compile("(?:What|Who|Where|That|Whoever)\\b(?!.*\\?$).*");
  private static final Pattern WORD = Pattern.compile("[\\w'-]+");
  private static final Pattern FOREIGN =
      Pattern.compile(
          "\\b(?:whoever|somebody|nobody|told|tells|bears?|bore|goes on|go on|living"
              + "|stands? (?:in|at|there))\\b",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern FENCE = Pattern.compile("-{4,}|\\.{4,}");
  private static final Pattern NO_PROSE =
      Pattern.compile("//.*|:[\\w-]+:.*|\\[.*]|(?:include|image)::.*|\\+|");
  private static final Pattern ITEM =
      Pattern.compile("(?:[=*.]+|\\d+\\.|NOTE:) +(.*)|([^|]*?)::(?: +(.*))?");

  private Prose() {}

  /** The first rule that a sentence breaks. */
  static Optional<String> fault(String sentence) {
    Matcher foreign = FOREIGN.matcher(sentence);
    if (OPENING.matcher(sentence).matches()) {
      return Optional.of("opens with a relative clause: " + sentence);
    }
    if (WORD.matcher(sentence).results().count() > WORD_COUNT_MAX) {
      return Optional.of("more than " + WORD_COUNT_MAX + " words: " + sentence);
    }
    return foreign.find()
        ? Optional.of("uses \"" + foreign.group() + "\": " + sentence)
        : Optional.empty();
  }

  /** The sentences of a text without line breaks. */
  static List<String> sentences(String text) {
    return Stream.of(text.split("(?<=[.!?:;]) "))
        .map(String::strip)
        .filter(sentence -> !sentence.isEmpty())
        .toList();
  }

  /**
   * A heading, an item of a list and a cell of a table each end a sentence; blocks are left out.
   */
  static List<String> sentencesOfAsciiDoc(String asciiDoc) {
    List<String> parts = new ArrayList<>();
    String fence = "";
    boolean isTable = false;
    for (String line : asciiDoc.lines().map(String::strip).toList()) {
      if (!fence.isEmpty()) {
        fence = line.equals(fence) ? "" : fence;
      } else if (FENCE.matcher(line).matches()) {
        fence = line;
        parts.add("");
      } else if (line.equals("|===")) {
        isTable = !isTable;
        parts.add("");
      } else if (NO_PROSE.matcher(line).matches()) {
        parts.add("");
      } else {
        add(parts, withoutMarkup(line, isTable), isTable);
      }
    }
    return parts.stream().flatMap(part -> sentences(part).stream()).toList();
  }

  private static void add(List<String> parts, String line, boolean isTable) {
    Matcher item = ITEM.matcher(line);
    if (isTable) {
      List<String> cells = List.of(line.split("\\|", -1));
      append(parts, cells.get(0));
      parts.addAll(cells.subList(1, cells.size()));
    } else if (item.matches()) {
      Stream.of(1, 2, 3).map(item::group).filter(part -> part != null).forEach(parts::add);
      if (line.startsWith("=")) {
        parts.add("");
      }
    } else {
      append(parts, line);
    }
  }

  private static void append(List<String> parts, String line) {
    int last = parts.size() - 1;
    if (last < 0) {
      parts.add(line);
    } else {
      parts.set(last, (parts.get(last) + " " + line).strip());
    }
  }

  /** Code is one word, and none within a table, where lists of names are. */
  private static String withoutMarkup(String line, boolean isTable) {
    return line.replaceAll("`[^`]*`", isTable ? " " : "code")
        .replaceAll("(?:xref|link):{1,2}[^\\[\\s]*\\[([^]]*)]", "$1")
        .replaceAll("<<[^,>]*,([^>]*)>>", "$1")
        .replaceAll("(?<!^)\\*|_", "");
  }
}
