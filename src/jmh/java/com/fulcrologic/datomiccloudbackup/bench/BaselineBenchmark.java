package com.fulcrologic.datomiccloudbackup.bench;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestorePoint;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.TemporaryDatabase;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A restore from a baseline, with the last 100 transactions of the log replayed after it, against a
 * restore of the whole log, and against a plain copy of the state ({@link PlainCopy}). Into Datomic
 * Local in memory, at once and over a network whose calls take 10 ms. The fold is a part of it.
 */
final class BaselineBenchmark {
  private static final long ROUND_TRIP_MICROS = TimeUnit.MILLISECONDS.toMicros(10);
  private static final int TAIL_COUNT = 100;
  private static final int WARM_UP_COUNT = 2;
  private static final int ROUND_COUNT = 3;

  private BaselineBenchmark() {}

  /**
   * Runs it.
   *
   * @param arguments workloads, as in {@code shop:20000}
   */
  static void run(List<String> arguments) {
    List<String> workloads = arguments.isEmpty() ? List.of("shop:20000", "churn:20000") : arguments;
    Sample.print(
        "| workload | round trip, ms | baseline, s | of its time with a transaction under way"
            + " | times as fast as a whole restore | as a plain copy");
    for (String workload : workloads) {
      String[] parts = workload.split(":", 2);
      try (TemporaryDatabase source = TemporaryDatabase.create()) {
        new Workload(source.connection()).fill(parts[0], Integer.parseInt(parts[1]));
        MemoryBackupStore store = new MemoryBackupStore();
        Cloning.with(store).backup("w", source.connection(), BackupOptions.DEFAULTS);
        for (long micros : new long[] {0, ROUND_TRIP_MICROS}) {
          measure(workload, source.connection(), store, micros);
        }
      }
    }
  }

  private static void measure(
      String workload, DatomicConnection source, MemoryBackupStore store, long micros) {
    RestoreOptions options =
        RestoreOptions.DEFAULTS.fromBaseline(new RestorePoint.AtT(source.basisT() - TAIL_COUNT));
    Sample baseline = new Sample();
    Sample busy = new Sample();
    Sample overWhole = new Sample();
    Sample overPlain = new Sample();
    for (int round = -WARM_UP_COUNT; round < ROUND_COUNT; round++) {
      Sample watched = round < 0 ? new Sample() : busy;
      double based =
          seconds(micros, watched, target -> RestoreBenchmark.restore(store, target, options));
      if (round < 0) {
        continue;
      }
      baseline.add(based);
      double whole =
          seconds(micros, new Sample(), target -> RestoreBenchmark.restore(store, target));
      double plain = seconds(micros, new Sample(), target -> new PlainCopy(source, target).run());
      Sample.print("round %d: whole %.2f s, baseline %.2f, plain %.2f", round, whole, based, plain);
      overWhole.add(whole / based);
      overPlain.add(plain / based);
    }
    long millis = TimeUnit.MICROSECONDS.toMillis(micros);
    Sample.print(
        "| %s | %d | %s | %s | %s | %s",
        workload, millis, baseline.spread(), busy.spread(), overWhole.spread(), overPlain.spread());
    Sample.print(
        "RESULT name=baseline workload=%s round_trip_ms=%d ratio=%.1f ratio_plain=%.1f busy=%.2f",
        workload, millis, overWhole.median(), overPlain.median(), busy.median());
  }

  /**
   * Times one candidate on a new database.
   *
   * @param busy is added the part of the time in which the database had a transaction under way
   */
  private static double seconds(
      long roundTripMicros, Sample busy, Consumer<DatomicConnection> candidate) {
    try (TemporaryDatabase target = TemporaryDatabase.create()) {
      System.gc();
      BusyTime watched = new BusyTime(target.connection());
      double seconds;
      if (roundTripMicros == 0) {
        long start = System.nanoTime();
        candidate.accept(watched);
        seconds = (System.nanoTime() - start) / 1e9;
      } else {
        try (DistantConnection distant = new DistantConnection(watched, roundTripMicros, 0, 1)) {
          long start = System.nanoTime();
          candidate.accept(distant);
          seconds = (System.nanoTime() - start) / 1e9;
        }
      }
      busy.add(watched.seconds() / seconds);
      return seconds;
    }
  }
}
