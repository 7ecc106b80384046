package com.fulcrologic.datomiccloudbackup.bench;

import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TemporaryDatabase;
import com.fulcrologic.datomiccloudbackup.datomic.TransactionReport;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A restore over a network: each transact takes 10 ms more, and some jitter. One transaction is in
 * flight at a time, so the ceiling is what the calls take one after another.
 */
final class LatencyBenchmark {
  private static final int ROUND_COUNT = 5;
  private static final int TRANSACTION_COUNT = 300;
  private static final long ROUND_TRIP_MILLIS = 10;

  private LatencyBenchmark() {}

  static void run(List<String> arguments) {
    try (TemporaryDatabase source = TemporaryDatabase.create()) {
      new Workload(source.connection()).fill("shop", TRANSACTION_COUNT);
      MemoryBackupStore store = new MemoryBackupStore();
      Cloning.with(store).backupNextSegment("w", source.connection(), TRANSACTION_COUNT * 2);
      Sample.print("| jitter, ms | of the serial ceiling | transactions/s");
      for (int jitterMillis : Sample.sizes(arguments, 0, 1, 5)) {
        Sample ratio = new Sample();
        Sample rate = new Sample();
        for (int round = -1; round < ROUND_COUNT; round++) {
          measure(store, jitterMillis, ratio, rate, round);
        }
        Sample.print("| %d | %s | %s", jitterMillis, ratio.spread(), rate.spread());
        Sample.print(
            "RESULT name=latency jitter_ms=%d window=1 ratio=%.3f transactions_per_second=%.1f",
            jitterMillis, ratio.median(), rate.median());
      }
    }
  }

  private static void measure(
      MemoryBackupStore store, int jitterMillis, Sample ratio, Sample rate, int round) {
    try (TemporaryDatabase target = TemporaryDatabase.create()) {
      Delayed delayed = new Delayed(target.connection(), jitterMillis);
      long start = System.nanoTime();
      RestoreBenchmark.restore(store, delayed);
      double nanos = System.nanoTime() - start;
      if (round >= 0) {
        ratio.add(delayed.nanos / nanos);
        rate.add(TRANSACTION_COUNT / nanos * 1e9);
      }
    }
  }

  /** A connection that is far away, and counts what its transact calls take. */
  private static final class Delayed extends Forwarding {
    private final SplittableRandom random = new SplittableRandom(7);
    private final int jitterMillis;
    private long nanos;

    Delayed(DatomicConnection real, int jitterMillis) {
      super(real);
      this.jitterMillis = jitterMillis;
    }

    @Override
    public TransactionReport transact(List<?> txData) {
      long start = System.nanoTime();
      long end =
          start
              + TimeUnit.MILLISECONDS.toNanos(ROUND_TRIP_MILLIS)
              + random.nextLong(TimeUnit.MILLISECONDS.toNanos(jitterMillis) + 1);
      TransactionReport report = super.transact(txData);
      for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      nanos += System.nanoTime() - start;
      return report;
    }
  }
}
