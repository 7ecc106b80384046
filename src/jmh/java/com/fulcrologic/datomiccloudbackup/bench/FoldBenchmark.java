package com.fulcrologic.datomiccloudbackup.bench;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.Progress;
import com.fulcrologic.datomiccloudbackup.datomic.TemporaryDatabase;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.internal.fold.Fold;
import com.fulcrologic.datomiccloudbackup.internal.fold.State;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredSegment;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The state of a database, folded from its stored log, against what it takes to decode that log:
 * log datoms for each second of one core.
 */
final class FoldBenchmark {
  private static final int ROUND_COUNT = 5;

  private FoldBenchmark() {}

  /**
   * Runs it.
   *
   * @param arguments workloads, as in {@code churn:20000}, or millions of datoms of a shop whose
   *     segments are made as they are read, which is counted apart
   */
  static void run(List<String> arguments) {
    List<String> workloads = arguments.isEmpty() ? List.of("churn:20000", "5") : arguments;
    Sample.print("| workload | log datoms | state | decoded a CPU second | folded a CPU second");
    for (String workload : workloads) {
      String[] parts = workload.split(":", 2);
      try (TemporaryDatabase source = TemporaryDatabase.create()) {
        if (parts.length == 1) {
          new Workload(source.connection()).fill("shop", 0);
          EndlessShop shop =
              new EndlessShop(
                  source.connection(),
                  Integer.parseInt(workload) * 1_000_000 / EndlessShop.TRANSACTION_DATOM_COUNT);
          measure(workload, StoredBackup.of(shop, "w"), shop.endT() - 1, shop::makingNanos);
        } else {
          new Workload(source.connection()).fill(parts[0], Integer.parseInt(parts[1]));
          MemoryBackupStore store = new MemoryBackupStore();
          Cloning.with(store).backup("w", source.connection(), BackupOptions.DEFAULTS);
          measure(workload, StoredBackup.of(store, "w"), source.connection().basisT(), () -> 0);
        }
      }
    }
  }

  private static void measure(
      String workload, StoredBackup backup, long t, LongSupplier othersNanos) {
    Sample decoded = new Sample();
    Sample folded = new Sample();
    long datomCount = 0;
    long stateCount = 0;
    for (int round = -2; round < ROUND_COUNT; round++) {
      long start = cpuNanos() - othersNanos.getAsLong();
      datomCount = decode(backup);
      double decodeRate = datomCount * 1e9 / (cpuNanos() - othersNanos.getAsLong() - start);
      start = cpuNanos() - othersNanos.getAsLong();
      stateCount = fold(backup, t);
      double foldRate = datomCount * 1e9 / (cpuNanos() - othersNanos.getAsLong() - start);
      if (round >= 0) {
        decoded.add(decodeRate);
        folded.add(foldRate);
      }
    }
    Sample.print(
        "| %s | %d | %d | %s | %s",
        workload, datomCount, stateCount, decoded.spread(), folded.spread());
    Sample.print(
        "RESULT name=fold workload=%s datoms=%d ratio=%.2f datoms_per_cpu_second=%.0f",
        workload, datomCount, folded.median() / decoded.median(), folded.median());
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long decode(StoredBackup backup) {
    long count = 0;
    for (StoredSegment stored : backup.cover().inUse()) {
      try (Stream<Transaction> transactions = backup.segment(stored.range()).transactions()) {
        count += transactions.mapToLong(each -> each.datoms().size()).sum();
      }
    }
    return count;
  }

  private static long fold(StoredBackup backup, long t) {
    Path spill = Path.of(System.getProperty("java.io.tmpdir"));
    try (State state = Fold.upTo(t, backup, spill, Progress.IGNORED)) {
      return state.of().datomCount();
    }
  }
}
