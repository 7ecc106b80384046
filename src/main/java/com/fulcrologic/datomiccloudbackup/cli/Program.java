package com.fulcrologic.datomiccloudbackup.cli;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.regex.Pattern;

/** This program, as its users call it in a shell. */
final class Program {
  private static final String BUILT_JAR = "target/datomic-cloud-backup-cli.jar";

  private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_/.:=,+%@-]+");

  private Program() {}

  /** The running jar, or the jar that the build makes; relative if below the current directory. */
  static String jar() {
    CodeSource source = Program.class.getProtectionDomain().getCodeSource();
    try {
      if (source != null && source.getLocation().getPath().endsWith(".jar")) {
        Path jar = Path.of(source.getLocation().toURI());
        Path here = Path.of("").toAbsolutePath();
        return (jar.startsWith(here) ? here.relativize(jar) : jar).toString();
      }
    } catch (URISyntaxException unusual) {
      return BUILT_JAR;
    }
    return BUILT_JAR;
  }

  /**
   * The part of a shell command before the command's name. The launcher script passes its own name.
   */
  static String call() {
    String launcher = System.getProperty("dcb.program");
    return launcher != null ? launcher : "java -jar " + quoted(jar());
  }

  /** A word, quoted so that a shell reads it unchanged. */
  static String quoted(String word) {
    return PLAIN_WORD.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
