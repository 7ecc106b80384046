package com.fulcrologic.datomiccloudbackup.cli;

import java.util.List;
import java.util.Map;

@picocli.CommandLine.Command(
    name = "version",
    description = "Shows the version of this program, and of Java.")
final class VersionCommand extends Command {
  @Override
  Report run() {
    String version = RootCommand.version();
    String java = Runtime.version().toString();
    return new Report(
        List.of(RootCommand.NAME + " " + version + ", on Java " + java),
        Map.of("version", version, "java", java));
  }
}
