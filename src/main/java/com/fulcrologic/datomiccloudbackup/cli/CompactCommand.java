package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.upkeep.CompactOptions;
import com.fulcrologic.datomiccloudbackup.upkeep.CompactSummary;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
    name = "compact",
    description =
        "Writes larger segments that cover many small ones, and removes nothing."
            + " segments --covered then lists the segments that could be removed.")
final class CompactCommand extends Command implements Command.Resumable {
  @Mixin private StoreOptions.OfBackup stored = new StoreOptions.OfBackup();

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

  @Override
  Report run() {
    CompactOptions options = options();
    NamedBackup backup = stored.openBackup();
    CompactSummary summary =
        watch(
            "compact",
            progress -> backup.cloning().compact(backup.name(), options.withListener(progress)));
    return new Report(
        List.of(written(summary, backup.place()), inUse(summary)),
        backup.json(
            "segments", BackupReport.json(summary.segments()),
            "inUseCount", summary.inUseCount(),
            "coveredCount", summary.coveredCount()));
  }

  private CompactOptions options() {
    try {
      return CompactOptions.DEFAULTS
          .withTransactionCountMax(transactionCountMax)
          .withContentSizeMax(contentSizeMax);
    } catch (IllegalArgumentException outOfRange) {
      throw Usage.refusal(
          "--transactions or --bytes is out of range",
          "give 2 or more transactions, and up to 1073741824 bytes");
    }
  }

  private static String written(CompactSummary summary, String place) {
    return summary.segments().isEmpty()
        ? "nothing to compact in " + place
        : "wrote %s to %s in %s"
            .formatted(
                Words.counted(summary.segments().size(), "larger segment"),
                place,
                Words.duration(summary.duration()));
  }

  private static String inUse(CompactSummary summary) {
    return "  readers use %s; %s more are covered by these (segments --covered)"
        .formatted(
            Words.counted(summary.inUseCount(), "segment"), Words.count(summary.coveredCount()));
  }
}
