package com.fulcrologic.datomiccloudbackup.bench;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicClient;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.Edn;
import com.fulcrologic.datomiccloudbackup.datomic.Transaction;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A backup of a durable Datomic Local with one thread and two, against reading its log alone. */
final class BackupBenchmark {
  private static final int WARM_UP_COUNT = 2;
  private static final int ROUND_COUNT = 7;
  private static final int SEGMENT_TRANSACTION_COUNT = 150; // two for each thread

  private BackupBenchmark() {}

  static void run(List<String> arguments) throws IOException {
    Path directory = Files.createTempDirectory("backup-benchmark");
    try {
      DatomicClient client =
          DatomicClient.ofEdn(
              "{:server-type :datomic-local :system \"b\" :storage-dir "
                  + Edn.write(directory.toString())
                  + "}");
      client.createDatabase("b");
      DatomicConnection source = client.connect("b");
      // wide, since a durable Local takes some milliseconds for each transaction
      new Workload(source).fill("wide", Sample.sizes(arguments, 600).get(0));
      measure(source);
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }

  private static void measure(DatomicConnection source) {
    Sample.print("| threads | datoms | datoms/s | of tx-range alone");
    for (int threadCount : new int[] {1, 2}) {
      measure(source, threadCount);
    }
  }

  private static void measure(DatomicConnection source, int threadCount) {
    Sample ratio = new Sample();
    Sample rate = new Sample();
    long datomCount = 0;
    for (int round = -WARM_UP_COUNT; round < ROUND_COUNT; round++) {
      long start = System.nanoTime();
      try (Stream<Transaction> log = source.txRange(new TxRange(0, source.basisT() + 1))) {
        datomCount = log.mapToLong(transaction -> transaction.datoms().size()).sum();
      }
      long read = System.nanoTime();
      Cloning.with(new MemoryBackupStore())
          .backup(
              "w",
              source,
              BackupOptions.DEFAULTS
                  .withParallelism(threadCount)
                  .withTransactionCountMax(SEGMENT_TRANSACTION_COUNT));
      double backup = System.nanoTime() - read;
      if (round >= 0) {
        ratio.add((read - start) / backup);
        rate.add(datomCount / backup * 1e9);
      }
    }
    Sample.print("| %d | %d | %.0f | %s", threadCount, datomCount, rate.median(), ratio.spread());
    Sample.print(
        "RESULT name=backup threads=%d datoms=%d ratio=%.2f datoms_per_second=%.0f",
        threadCount, datomCount, ratio.median(), rate.median());
  }
}
