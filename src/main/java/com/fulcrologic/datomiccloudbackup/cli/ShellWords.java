package com.fulcrologic.datomiccloudbackup.cli;

import java.util.regex.Pattern;

/** Words as a shell reads them back. */
final class ShellWords {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/.:=,+%@-]+");

  private ShellWords() {}

  static String quoted(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
