package com.fulcrologic.datomiccloudbackup.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands to try after the demo, ready to be pasted into a shell. */
final class DemoNextSteps {
  private DemoNextSteps() {}

  static List<String> lines(DemoPlace place, String backup, String sourceDatabase) {
    String self = "  " + Program.call();
    String store = " --store " + ShellWords.quoted(StoreUris.of(place.backup()));
    List<String> lines = new ArrayList<>(List.of("Next steps", ""));
    if (Files.notExists(Path.of(Program.jar()))) {
      lines.add("  mvn -q -DskipTests package");
    }
    lines.addAll(
        List.of(
            self + " segments" + store + " --name " + backup,
            "%s backup%s --db %s --source %s"
                .formatted(self, store, sourceDatabase, ShellWords.quoted(place.sourceClientMap())),
            self + " verify --restore" + store + " --name " + backup,
            ("%s restore%s --name %s --create --db shop-of-2022 --to-instant 2022-12-31T23:59:59Z "
                    + "--target %s")
                .formatted(self, store, backup, ShellWords.quoted(place.targetClientMap())),
            "  rm -r " + ShellWords.quoted(place.directory().toString())));
    return lines;
  }
}
