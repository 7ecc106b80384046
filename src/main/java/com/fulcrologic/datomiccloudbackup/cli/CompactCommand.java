package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.upkeep.CompactOptions;
import com.fulcrologic.datomiccloudbackup.upkeep.CompactSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes larger segments that cover many small ones. */
@picocli.CommandLine.Command(
    name = "compact",
    description =
        "Writes larger segments that cover many small ones, and removes nothing."
            + " segments --covered then lists the segments that could be removed.")
final class CompactCommand extends Command {
  @Mixin private StoredBackupOptions stored = new StoredBackupOptions();

  @Option(
      names = "--transactions",
      paramLabel = "N",
      description = "Transactions in a segment at most; 10000 when it is not given.")
  private long transactionCountMax = CompactOptions.DEFAULTS.transactionCountMax();

  @Option(
      names = "--bytes",
      paramLabel = "N",
      description = "Bytes in a segment at most, before compression; 16 MiB when it is not given.")
  private long contentSizeMax = CompactOptions.DEFAULTS.contentSizeMax();

  CompactCommand(Console console) {
    super(console);
  }

  @Override
  boolean isResumable() {
    return true;
  }

  @Override
  Report run() {
    CompactOptions options = options();
    BackupStore backups = stored.open();
    CompactSummary summary;
    try (ProgressDisplay progress = progress("compact")) {
      summary = Cloning.with(backups).compact(stored.name(), options.withListener(progress));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", stored.name());
    json.put("store", backups.location());
    json.put("segments", summary.segments().stream().map(BackupReport::json).toList());
    json.put("inUseCount", summary.inUseCount());
    json.put("coveredCount", summary.coveredCount());
    return new Report(lines(summary, backups), json);
  }

  private CompactOptions options() {
    try {
      return CompactOptions.DEFAULTS
          .withTransactionCountMax(transactionCountMax)
          .withContentSizeMax(contentSizeMax);
    } catch (IllegalArgumentException outOfRange) {
      throw new InvalidConfigurationException(
          "--transactions or --bytes is out of range",
          "give 2 or more transactions, and up to 1073741824 bytes");
    }
  }

  private List<String> lines(CompactSummary summary, BackupStore backups) {
    List<String> lines = new ArrayList<>();
    String place = "backup " + stored.name() + " in " + backups.location();
    lines.add(
        summary.segments().isEmpty()
            ? "nothing to compact in " + place
            : "wrote %s to %s in %s"
                .formatted(
                    Words.counted(summary.segments().size(), "larger segment"),
                    place,
                    Words.duration(summary.duration())));
    lines.add(
        "  readers use %s; %s more are covered by these (segments --covered)"
            .formatted(
                Words.counted(summary.inUseCount(), "segment"),
                Words.count(summary.coveredCount())));
    return lines;
  }
}
