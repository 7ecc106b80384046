package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The absolute directory of a demo, and the places of its parts. */
record DemoPlace(Path directory) {

  /** An empty directory: the named one, or a new one among the temporary files. */
  static DemoPlace prepare(@Nullable String named) {
    try {
      if (named == null) {
        return new DemoPlace(Files.createTempDirectory("datomic-cloud-backup-demo-"));
      }
      Path directory = Path.of(named).toAbsolutePath().normalize();
      Files.createDirectories(directory);
      try (Stream<Path> content = Files.list(directory)) {
        Usage.refuseIf(
            content.findAny().isPresent(),
            "--dir is not empty: " + directory,
            "name a directory that is empty or not there yet; a demo never deletes anything");
      }
      return new DemoPlace(directory);
    } catch (IOException | InvalidPathException unusable) {
      throw new InvalidConfigurationException(
          "the demo's directory cannot be made or read",
          "name a directory that this process's user may make, with --dir",
          unusable);
    }
  }

  Path backup() {
    return directory.resolve("backup");
  }

  String sourceClientMap() {
    return clientMap("source");
  }

  String targetClientMap() {
    return clientMap("target");
  }

  /** Two systems of one Datomic Local. */
  private String clientMap(String system) {
    return "{:server-type :datomic-local, :storage-dir %s, :system \"%s\"}"
        .formatted(Edn.write(directory.resolve("databases").toString()), system);
  }

  /** Commands to try after the demo, ready to be pasted into a shell. */
  List<String> nextSteps(String backup, String sourceDatabase) {
    String self = "  " + Program.call();
    String store = " --store " + Program.quoted(StoreUris.of(backup()));
    List<String> lines = new ArrayList<>(List.of("Next steps", ""));
    if (Files.notExists(Path.of(Program.jar()))) {
      lines.add("  mvn -q -DskipTests package");
    }
    lines.addAll(
        List.of(
            self + " segments" + store + " --name " + backup,
            "%s backup%s --db %s --source %s"
                .formatted(self, store, sourceDatabase, Program.quoted(sourceClientMap())),
            self + " verify --restore" + store + " --name " + backup,
            ("%s restore%s --name %s --create --db shop-of-2022 --to-instant 2022-12-31T23:59:59Z "
                    + "--target %s")
                .formatted(self, store, backup, Program.quoted(targetClientMap())),
            "  rm -r " + Program.quoted(directory.toString())));
    return lines;
  }
}
