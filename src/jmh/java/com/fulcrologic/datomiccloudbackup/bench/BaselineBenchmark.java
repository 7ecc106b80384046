package com.fulcrologic.datomiccloudbackup.bench;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.datomic.TemporaryDatabase;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A restore from a baseline, with the last 100 transactions of the log replayed after it, against a
 * restore of the whole log. Into Datomic Local in memory, at once and over a network whose calls
 * take 10 ms. The fold is a part of it.
 */
final class BaselineBenchmark {
  private static final long ROUND_TRIP_MICROS = TimeUnit.MILLISECONDS.toMicros(10);
  private static final int TAIL_COUNT = 100;

  private BaselineBenchmark() {}

  /**
   * Runs it.
   *
   * @param arguments workloads, as in {@code shop:20000}
   */
  static void run(List<String> arguments) {
    List<String> workloads = arguments.isEmpty() ? List.of("shop:2000", "churn:2000") : arguments;
    Sample.print("| workload | round trip, ms | whole, s | baseline, s | times as fast");
    for (String workload : workloads) {
      String[] parts = workload.split(":", 2);
      try (TemporaryDatabase source = TemporaryDatabase.create()) {
        new Workload(source.connection()).fill(parts[0], Integer.parseInt(parts[1]));
        MemoryBackupStore store = new MemoryBackupStore();
        Cloning.with(store).backup("w", source.connection(), BackupOptions.DEFAULTS);
        RestoreOptions baseline =
            RestoreOptions.DEFAULTS.fromBaseline(
                new RestorePoint.AtT(source.connection().basisT() - TAIL_COUNT));
        seconds(store, 0, baseline); // warm up
        seconds(store, 0, RestoreOptions.DEFAULTS);
        for (long micros : new long[] {0, ROUND_TRIP_MICROS}) {
          double whole = seconds(store, micros, RestoreOptions.DEFAULTS);
          double based = seconds(store, micros, baseline);
          long millis = TimeUnit.MICROSECONDS.toMillis(micros);
          Sample.print(
              "| %s | %d | %.2f | %.2f | %.1f", workload, millis, whole, based, whole / based);
          Sample.print(
              "RESULT name=baseline workload=%s round_trip_ms=%d ratio=%.1f",
              workload, millis, whole / based);
        }
      }
    }
  }

  private static double seconds(
      MemoryBackupStore store, long roundTripMicros, RestoreOptions options) {
    try (TemporaryDatabase target = TemporaryDatabase.create()) {
      if (roundTripMicros == 0) {
        long start = System.nanoTime();
        RestoreBenchmark.restore(store, target.connection(), options);
        return (System.nanoTime() - start) / 1e9;
      }
      try (DistantConnection distant =
          new DistantConnection(target.connection(), roundTripMicros, 0, 1)) {
        long start = System.nanoTime();
        RestoreBenchmark.restore(store, distant, options);
        return (System.nanoTime() - start) / 1e9;
      }
    }
  }
}
