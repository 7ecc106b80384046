package com.fulcrologic.datomiccloudbackup.bench;

import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.TransactionsInFlight;
import com.fulcrologic.datomiccloudbackup.datomic.TemporaryDatabase;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A restore over a network, whose calls take 10 ms and some jitter more, with what its calls take
 * one after another.
 */
final class LatencyBenchmark {
  private static final int ROUND_COUNT = 5;
  private static final int TRANSACTION_COUNT = 1_000;
  private static final long ROUND_TRIP_MILLIS = 10;

  private LatencyBenchmark() {}

  static void run(List<String> arguments) {
    try (TemporaryDatabase source = TemporaryDatabase.create()) {
      new Workload(source.connection()).fill("shop", TRANSACTION_COUNT);
      MemoryBackupStore store = new MemoryBackupStore();
      Cloning.with(store).backupNextSegment("w", source.connection(), TRANSACTION_COUNT * 2);
      Sample.print("| jitter, ms | of the serial ceiling | transactions/s | calls a transaction");
      for (int jitterMillis : Sample.sizes(arguments, 0, 1, 5)) {
        measure(store, jitterMillis);
      }
    }
  }

  private static void measure(MemoryBackupStore store, int jitterMillis) {
    Sample ratio = new Sample();
    Sample rate = new Sample();
    Sample calls = new Sample();
    for (int round = -1; round < ROUND_COUNT; round++) {
      Run serial = run(store, jitterMillis, round, TransactionsInFlight.ONE);
      Run several = run(store, jitterMillis, round, TransactionsInFlight.ADAPTIVE);
      if (round >= 0) {
        ratio.add((double) serial.callNanos() / several.nanos());
        rate.add(TRANSACTION_COUNT * 1e9 / several.nanos());
        calls.add((double) several.callCount() / serial.callCount());
      }
    }
    Sample.print(
        "| %d | %s | %s | %s", jitterMillis, ratio.spread(), rate.spread(), calls.spread());
    Sample.print(
        "RESULT name=latency jitter_ms=%d in_flight=%d ratio=%.2f transactions_per_second=%.0f"
            + " calls_per_transaction=%.2f",
        jitterMillis,
        TransactionsInFlight.ADAPTIVE.countMax(),
        ratio.median(),
        rate.median(),
        calls.median());
  }

  /**
   * @param callNanos what its calls took, one after another
   */
  private record Run(long nanos, long callNanos, int callCount) {}

  private static Run run(
      MemoryBackupStore store, int jitterMillis, int seed, TransactionsInFlight inFlight) {
    try (TemporaryDatabase target = TemporaryDatabase.create();
        DistantConnection distant =
            new DistantConnection(
                target.connection(),
                TimeUnit.MILLISECONDS.toMicros(ROUND_TRIP_MILLIS),
                TimeUnit.MILLISECONDS.toMicros(jitterMillis),
                seed)) {
      long start = System.nanoTime();
      RestoreBenchmark.restore(store, distant, RestoreOptions.DEFAULTS.withInFlight(inFlight));
      return new Run(System.nanoTime() - start, distant.callNanos(), distant.callCount());
    }
  }
}
