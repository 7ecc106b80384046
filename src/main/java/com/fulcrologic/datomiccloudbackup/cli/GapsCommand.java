package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/** Finds the missing ranges of a backup; any gap is a failure. */
@picocli.CommandLine.Command(
    name = "gaps",
    description = "Finds missing ranges; ends with 21 when there are some.")
final class GapsCommand extends Command {
  @Mixin private StoredBackupOptions stored = new StoredBackupOptions();

  GapsCommand(Console console) {
    super(console);
  }

  @Override
  Report run() {
    BackupStore backups = stored.open();
    String name = stored.name();
    List<TxRange> gaps = Cloning.with(backups).backupGaps(name);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put("store", backups.location());
    json.put("gaps", gaps.stream().map(Json::range).toList());
    String place = "backup " + name + " in " + backups.location();
    if (gaps.isEmpty()) {
      return new Report(List.of("no gap in " + place), json);
    }
    Problem problem =
        new Problem(
            ExitCode.GAP,
            Words.counted(gaps.size(), "gap") + " in " + place,
            "fill " + (gaps.size() == 1 ? "it" : "them") + " from the source with repair");
    return new Report(
        gaps.stream().map(gap -> "missing: " + gap).toList(), json, Optional.of(problem));
  }
}
