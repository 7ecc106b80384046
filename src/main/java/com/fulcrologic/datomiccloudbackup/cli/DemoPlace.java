package com.fulcrologic.datomiccloudbackup.cli;

import clojure.lang.Keyword;
import clojure.lang.PersistentArrayMap;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a demo, and the places of its parts.
 *
 * @param directory absolute
 */
record DemoPlace(Path directory) {

  /**
   * An empty directory: the named one, or a new one among the temporary files.
   *
   * @throws InvalidConfigurationException when the directory is not empty, or cannot be made
   */
  static DemoPlace prepare(@Nullable String named) {
    try {
      if (named == null) {
        return new DemoPlace(Files.createTempDirectory("datomic-cloud-backup-demo-"));
      }
      Path directory = Path.of(named).toAbsolutePath().normalize();
      Files.createDirectories(directory);
      try (Stream<Path> content = Files.list(directory)) {
        if (content.findAny().isPresent()) {
          throw new InvalidConfigurationException(
              "--dir is not empty: " + directory,
              "name a directory that is empty or not there yet; a demo never deletes anything");
        }
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
    return Edn.write(
        new PersistentArrayMap(
            new Object[] {
              Keyword.intern("server-type"), Keyword.intern("datomic-local"),
              Keyword.intern("storage-dir"), directory.resolve("databases").toString(),
              Keyword.intern("system"), system
            }));
  }
}
