package com.fulcrologic.datomiccloudbackup.bench;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.datomic.TemporaryDatabase;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import java.util.List;

/** A restore from a store whose requests take 50 ms each, with the same from memory. */
final class AheadBenchmark {
  private static final int WARM_UP_COUNT = 2;
  private static final int ROUND_COUNT = 5;
  private static final int TRANSACTION_COUNT = 20_000;
  private static final long REQUEST_MILLIS = 50;

  private AheadBenchmark() {}

  static void run(List<String> arguments) {
    try (TemporaryDatabase source = TemporaryDatabase.create()) {
      new Workload(source.connection()).fill("shop", TRANSACTION_COUNT);
      Sample.print("| transactions a segment | segments | of the rate from memory | ms a segment");
      for (int transactionCountMax : Sample.sizes(arguments, 1_000, 4_000)) {
        MemoryBackupStore store = new MemoryBackupStore();
        int segmentCount =
            Cloning.with(store)
                .backup(
                    "w",
                    source.connection(),
                    BackupOptions.DEFAULTS.withTransactionCountMax(transactionCountMax))
                .segments()
                .size();
        measure(store, transactionCountMax, segmentCount);
      }
    }
  }

  private static void measure(MemoryBackupStore near, int transactionCountMax, int segmentCount) {
    BackupStore distant = new DistantStore(near, REQUEST_MILLIS);
    Sample ratio = new Sample();
    Sample millis = new Sample();
    for (int round = -WARM_UP_COUNT; round < ROUND_COUNT; round++) {
      double nearSeconds = restoreSeconds(near);
      double distantSeconds = restoreSeconds(distant);
      if (round >= 0) {
        ratio.add(nearSeconds / distantSeconds);
        millis.add(1e3 * nearSeconds / segmentCount);
      }
    }
    Sample.print(
        "| %d | %d | %s | %s", transactionCountMax, segmentCount, ratio.spread(), millis.spread());
    Sample.print(
        "RESULT name=ahead segment_transactions=%d segments=%d request_ms=%d ratio=%.2f",
        transactionCountMax, segmentCount, REQUEST_MILLIS, ratio.median());
  }

  private static double restoreSeconds(BackupStore store) {
    try (TemporaryDatabase target = TemporaryDatabase.create()) {
      System.gc();
      long start = System.nanoTime();
      RestoreBenchmark.restore(store, target.connection());
      return (System.nanoTime() - start) / 1e9;
    }
  }
}
