package com.fulcrologic.datomiccloudbackup.cli;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;

/** This program, as its users call it. */
final class Program {
  private static final String BUILT_JAR = "target/datomic-cloud-backup-cli.jar";

  private Program() {}

  /** The jar that this runs from, or the one that the build makes; relative where it is below. */
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

  /** What comes before the command's name in a shell. */
  static String call() {
    return "java -jar " + ShellWords.quoted(jar());
  }
}
