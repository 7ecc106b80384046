package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Progress;
import picocli.CommandLine.Option;

/** Settings for the speed and the segment size of a backup or a repair. */
final class BackupTuning {
  private static final int PARALLELISM_MAX = 64;

  @Option(
      names = "--txns-per-segment",
      paramLabel = "N",
      description = "Transactions in a segment at most; 10000 when it is not given.")
  private int transactionCountMax = BackupOptions.DEFAULTS.transactionCountMax();

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description = "Segments written at once, 1 to 64; 4 when it is not given.")
  private int parallelism = BackupOptions.DEFAULTS.parallelism();

  BackupOptions options(Progress.Listener listener) {
    Usage.requireBetween("--txns-per-segment", transactionCountMax, 1, Integer.MAX_VALUE);
    Usage.requireBetween("--parallelism", parallelism, 1, PARALLELISM_MAX);
    return BackupOptions.DEFAULTS
        .withTransactionCountMax(transactionCountMax)
        .withParallelism(parallelism)
        .withListener(listener);
  }
}
