package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.TxRange;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;

@picocli.CommandLine.Command(
    name = "gaps",
    description = "Finds missing ranges; ends with 21 when there are some.")
final class GapsCommand extends Command {
  @Mixin private StoreOptions.OfBackup stored = new StoreOptions.OfBackup();

  @Override
  Report run() {
    NamedBackup backup = stored.openBackup();
    List<TxRange> gaps = backup.cloning().backupGaps(backup.name());
    Map<String, Object> json = backup.json("gaps", Json.ranges(gaps));
    if (gaps.isEmpty()) {
      return new Report(List.of("no gap in " + backup.place()), json);
    }
    Problem problem =
        new Problem(
            ExitCode.GAP,
            Words.counted(gaps.size(), "gap") + " in " + backup.place(),
            "fill " + (gaps.size() == 1 ? "it" : "them") + " from the source with repair");
    return new Report(
        gaps.stream().map(gap -> "missing: " + gap).toList(), json, Optional.of(problem));
  }
}
