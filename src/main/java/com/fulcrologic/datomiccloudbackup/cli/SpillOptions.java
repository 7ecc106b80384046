package com.fulcrologic.datomiccloudbackup.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

final class SpillOptions {
  @Option(
      names = "--spill",
      paramLabel = "DIR",
      description =
          "A directory for temporary files, about 20 times the stored size of the backup; the"
              + " system's when it is not given.")
  private @Nullable Path directory;

  Path directory() {
    if (directory == null) {
      return Path.of(System.getProperty("java.io.tmpdir"));
    }
    Usage.refuseIf(
        !Files.isDirectory(directory),
        "--spill is not a directory: " + directory,
        "make it, or name another one");
    return directory;
  }
}
