package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupDescription;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Mixin;

@picocli.CommandLine.Command(
    name = "backups",
    description =
        "Lists the backups of a store: name, id of the source database, newest stored transaction,"
            + " number and size of the segments, and gaps.")
final class BackupsCommand extends Command {
  @Mixin private StoreOptions store = new StoreOptions();

  @Override
  Report run() {
    BackupStore backups = store.open();
    List<BackupDescription> found = Cloning.with(backups).backups();
    Map<String, Object> json =
        Json.object(
            "store", backups.location(),
            "backups", found.stream().map(BackupsCommand::json).toList());
    if (found.isEmpty()) {
      return new Report(List.of("no backup in " + backups.location()), json);
    }
    List<String> lines = new ArrayList<>();
    lines.add(row("name", "source", "segments", "stored", "gaps", "newest transaction"));
    for (BackupDescription backup : found) {
      lines.add(
          row(
              backup.name(),
              backup.databaseId().orElse("-"),
              Words.count(backup.segmentCount()),
              Words.size(backup.size()),
              Words.count(backup.gaps().size()),
              backup.newest().map(Words::point).orElse("-")));
    }
    return new Report(lines, json);
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-20s %-36s %8s %9s %5s  %s", cells).stripTrailing();
  }

  private static Map<String, Object> json(BackupDescription backup) {
    return Json.object(
        "name", backup.name(),
        "databaseId", backup.databaseId(),
        "newestT", backup.newest().map(SourcePoint::t),
        "newestInstant", backup.newest().map(SourcePoint::instant),
        "segmentCount", backup.segmentCount(),
        "bytes", backup.size(),
        "gaps", Json.ranges(backup.gaps()));
  }
}
