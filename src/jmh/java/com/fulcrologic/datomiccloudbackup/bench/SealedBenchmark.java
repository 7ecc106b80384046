package com.fulcrologic.datomiccloudbackup.bench;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TemporaryDatabase;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealedBackupStore;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealingKeys;
import java.util.List;

/** A backup and a restore on a sealed store in memory, with the same on a plain one. */
final class SealedBenchmark {
  private static final int WARM_UP_COUNT = 3;
  private static final int ROUND_COUNT = 11;
  private static final int TRANSACTION_COUNT = 5_000;
  private static final int SEGMENT_TRANSACTION_COUNT = 1_000;

  private SealedBenchmark() {}

  static void run(List<String> arguments) {
    try (TemporaryDatabase source = TemporaryDatabase.create()) {
      new Workload(source.connection())
          .fill("shop", Sample.sizes(arguments, TRANSACTION_COUNT).get(0));
      measure(source.connection());
    }
  }

  private static void measure(DatomicConnection source) {
    SealingKeys keys = SealingKeys.create();
    Sample backup = new Sample();
    Sample restore = new Sample();
    for (int round = -WARM_UP_COUNT; round < ROUND_COUNT; round++) {
      BackupStore plain = new MemoryBackupStore();
      BackupStore sealed = SealedBackupStore.over(new MemoryBackupStore(), keys);
      boolean isPlainFirst = round % 2 == 0;
      double[] first = seconds(isPlainFirst ? plain : sealed, source);
      double[] second = seconds(isPlainFirst ? sealed : plain, source);
      if (round >= 0) {
        backup.add(isPlainFirst ? first[0] / second[0] : second[0] / first[0]);
        restore.add(isPlainFirst ? first[1] / second[1] : second[1] / first[1]);
      }
    }
    Sample.print("| transactions | backup, of the rate of plain | restore, the same");
    Sample.print("| %d | %s | %s", source.basisT(), backup.spread(), restore.spread());
    Sample.print(
        "RESULT name=sealed transactions=%d ratio=%.2f ratio_restore=%.2f",
        source.basisT(), backup.median(), restore.median());
  }

  /** Of a backup into this store, and of a restore from it. */
  private static double[] seconds(BackupStore store, DatomicConnection source) {
    System.gc();
    long start = System.nanoTime();
    Cloning.with(store)
        .backup(
            "w",
            source,
            BackupOptions.DEFAULTS
                .withTransactionCountMax(SEGMENT_TRANSACTION_COUNT)
                .withParallelism(1));
    double backup = (System.nanoTime() - start) / 1e9;
    try (TemporaryDatabase target = TemporaryDatabase.create()) {
      System.gc();
      start = System.nanoTime();
      RestoreBenchmark.restore(store, target.connection());
      return new double[] {backup, (System.nanoTime() - start) / 1e9};
    }
  }
}
