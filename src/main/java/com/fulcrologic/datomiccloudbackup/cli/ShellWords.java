package com.fulcrologic.datomiccloudbackup.cli;

import java.util.regex.Pattern;

/** Quotes words so that a shell reads them unchanged. */
final class ShellWords {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/.:=,+%@-]+");

  private ShellWords() {}

  static String quoted(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
