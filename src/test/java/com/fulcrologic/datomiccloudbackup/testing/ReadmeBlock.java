package com.fulcrologic.datomiccloudbackup.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A listing of an AsciiDoc text.
 *
 * @param line of the text, from 1, that it begins at
 * @param language as in {@code java}; empty when the text does not say
 * @param text its lines
 * @param isRun false for a listing with the role {@code not-run}, and for a diagram, which the
 *     site's build draws
 */
public record ReadmeBlock(int line, String language, String text, boolean isRun) {
  private static final Pattern FENCE = Pattern.compile("----+|\\.{4,}|```+.*");
  private static final Pattern SOURCE =
      Pattern.compile("\\[(?:source(\\.not-run)?,(\\w+)|(plantuml),[\\w-]+)]");
  private static final Pattern ORDINARY = Pattern.compile("[\\w./:=,+%@-]");

  /** A listing that is run. */
  public ReadmeBlock(int line, String language, String text) {
    this(line, language, text, true);
  }

  /** Every listing of an AsciiDoc text, whatever its language. */
  public static List<ReadmeBlock> of(String asciiDoc) {
    List<ReadmeBlock> blocks = new ArrayList<>();
    List<String> lines = asciiDoc.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String fence = lines.get(i);
      if (FENCE.matcher(fence).matches()) {
        Matcher source = SOURCE.matcher(before(lines, i));
        int end = i + 1;
        while (!lines.get(end).equals(fence)) {
          end++;
        }
        String text = String.join("\n", lines.subList(i + 1, end)) + "\n";
        boolean isSource = source.matches();
        String language = isSource ? source.group(source.group(2) == null ? 3 : 2) : "";
        boolean isRun = !isSource || (source.group(1) == null && source.group(3) == null);
        blocks.add(new ReadmeBlock(i + 1, language, text, isRun));
        i = end;
      }
    }
    return blocks;
  }

  private static String before(List<String> lines, int index) {
    return index == 0 ? "" : lines.get(index - 1);
  }

  /**
   * The words of each command, as a shell reads them. Understands single quotes and a backslash at
   * the end of a line; refuses whatever else would mean something to a shell.
   */
  public static List<List<String>> shellWords(String text) {
    List<List<String>> commands = new ArrayList<>();
    for (String line : text.replace("\\\n", " ").lines().toList()) {
      List<String> words = words(line);
      if (!words.isEmpty()) {
        commands.add(words);
      }
    }
    return commands;
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean isQuoted = false;
    boolean isWord = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\'') {
        isQuoted = !isQuoted;
        isWord = true;
      } else if (isQuoted || ORDINARY.matcher(String.valueOf(c)).matches()) {
        word.append(c);
        isWord = true;
      } else if (c == ' ') {
        if (isWord) {
          words.add(word.toString());
        }
        word.setLength(0);
        isWord = false;
      } else {
        throw new IllegalArgumentException("a shell would do something about " + c + " in " + line);
      }
    }
    if (isQuoted) {
      throw new IllegalArgumentException("a quote is not closed in " + line);
    }
    if (isWord) {
      words.add(word.toString());
    }
    return words;
  }

  /** As a test's name shows it. */
  @Override
  public String toString() {
    return "line " + line + (language.isEmpty() ? ", no language" : ", " + language);
  }
}
