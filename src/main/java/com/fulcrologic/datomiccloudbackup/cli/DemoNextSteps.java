package com.fulcrologic.datomiccloudbackup.cli;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Commands to go on with after the demo, ready to be pasted into a shell. */
final class DemoNextSteps {
  private static final String JAR = "target/datomic-cloud-backup-cli.jar";
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/.:=,+%@-]+");

  private DemoNextSteps() {}

  static List<String> lines(DemoPlace place, String backup, String sourceDatabase) {
    String self = "  java -jar " + quoted(jar());
    String store = " --store " + quoted(StoreUris.of(place.backup()));
    List<String> lines = new ArrayList<>(List.of("What to try next", ""));
    if (Files.notExists(Path.of(jar()))) {
      lines.add("  mvn -q -DskipTests package");
    }
    lines.addAll(
        List.of(
            self + " segments" + store + " --name " + backup,
            self
                + " backup"
                + store
                + " --db "
                + sourceDatabase
                + " --source "
                + quoted(place.sourceClientMap()),
            self
                + " restore"
                + store
                + " --name "
                + backup
                + " --create --db shop-of-2022 --to-instant 2022-12-31T23:59:59Z --target "
                + quoted(place.targetClientMap()),
            "  rm -r " + quoted(place.directory().toString())));
    return lines;
  }

  /** The jar that this runs from, or the one that the build makes. */
  private static String jar() {
    CodeSource source = DemoNextSteps.class.getProtectionDomain().getCodeSource();
    try {
      if (source != null && source.getLocation().getPath().endsWith(".jar")) {
        Path jar = Path.of(source.getLocation().toURI());
        Path here = Path.of("").toAbsolutePath();
        return (jar.startsWith(here) ? here.relativize(jar) : jar).toString();
      }
    } catch (URISyntaxException unusual) {
      return JAR;
    }
    return JAR;
  }

  private static String quoted(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
