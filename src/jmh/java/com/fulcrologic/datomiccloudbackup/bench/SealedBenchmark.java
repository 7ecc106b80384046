package com.fulcrologic.datomiccloudbackup.bench;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TemporaryDatabase;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealedBackupStore;
import com.fulcrologic.datomiccloudbackup.store.sealed.SealingKeys;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
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
    Ratios backup = new Ratios();
    Ratios restore = new Ratios();
    for (int round = -WARM_UP_COUNT; round < ROUND_COUNT; round++) {
      BackupStore plain = new MemoryBackupStore();
      BackupStore sealed = SealedBackupStore.over(new MemoryBackupStore(), keys);
      boolean isPlainFirst = round % 2 == 0;
      Costs first = costs(isPlainFirst ? plain : sealed, source);
      Costs second = costs(isPlainFirst ? sealed : plain, source);
      if (round >= 0) {
        Costs ofPlain = isPlainFirst ? first : second;
        Costs ofSealed = isPlainFirst ? second : first;
        backup.add(ofPlain.backup(), ofSealed.backup());
        restore.add(ofPlain.restore(), ofSealed.restore());
      }
    }
    Sample.print(
        "| transactions | backup, of the rate of plain: by time, by CPU | restore, the same");
    Sample.print("| %d | %s | %s", source.basisT(), backup, restore);
    Sample.print(
        "RESULT name=sealed transactions=%d ratio=%.2f ratio_cpu=%.2f ratio_restore=%.2f"
            + " ratio_restore_cpu=%.2f",
        source.basisT(),
        backup.time.median(),
        backup.cpu.median(),
        restore.time.median(),
        restore.cpu.median());
  }

  /** The rate of sealed as a part of that of plain, by either clock. Mutable. */
  private static final class Ratios {
    private final Sample time = new Sample();
    private final Sample cpu = new Sample();

    void add(Cost plain, Cost sealed) {
      time.add(plain.seconds() / sealed.seconds());
      cpu.add(plain.cpuSeconds() / sealed.cpuSeconds());
    }

    @Override
    public String toString() {
      return time.spread() + ", " + cpu.spread();
    }
  }

  private record Costs(Cost backup, Cost restore) {}

  /** The CPU is that of this process, all threads included: neighbours do not slow it. */
  private record Cost(double seconds, double cpuSeconds) {
    private static final OperatingSystemMXBean SYSTEM =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    static Cost of(Runnable work) {
      System.gc();
      long cpu = SYSTEM.getProcessCpuTime();
      long start = System.nanoTime();
      work.run();
      return new Cost((System.nanoTime() - start) / 1e9, (SYSTEM.getProcessCpuTime() - cpu) / 1e9);
    }
  }

  private static Costs costs(BackupStore store, DatomicConnection source) {
    BackupOptions options =
        BackupOptions.DEFAULTS
            .withTransactionCountMax(SEGMENT_TRANSACTION_COUNT)
            .withParallelism(1);
    Cost backup = Cost.of(() -> Cloning.with(store).backup("w", source, options));
    try (TemporaryDatabase target = TemporaryDatabase.create()) {
      return new Costs(backup, Cost.of(() -> RestoreBenchmark.restore(store, target.connection())));
    }
  }
}
