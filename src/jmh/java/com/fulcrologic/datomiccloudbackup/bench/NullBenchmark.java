package com.fulcrologic.datomiccloudbackup.bench;

import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome.RestoredSegment;
import com.fulcrologic.datomiccloudbackup.datomic.TemporaryDatabase;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * What a restore itself takes of a processor, its collector and compiler included, when the
 * transactor does nothing: by the process's own clock, so that neighbours do not count.
 */
final class NullBenchmark {
  private static final int WARM_UP_DATOM_COUNT = 1_000_000;
  private static final int ROUND_COUNT = 5;
  private static final int LARGE = 50;

  private NullBenchmark() {}

  static void run(List<String> arguments) {
    List<Integer> millions = Sample.sizes(arguments, 1, 10);
    measure(WARM_UP_DATOM_COUNT);
    Sample.print("| datoms | datoms per second of one core | wall clock");
    double first = 0;
    for (int each : millions) {
      Sample rate = new Sample();
      Sample wall = new Sample();
      for (int round = 0; round < (each >= LARGE ? 1 : each > 1 ? 3 : ROUND_COUNT); round++) {
        Measured measured = measure(each * 1_000_000L);
        rate.add(measured.datomsPerCpuSecond());
        wall.add(measured.datomsPerSecond());
      }
      first = first == 0 ? rate.median() : first;
      Sample.print("| %d 000 000 | %s | %s", each, rate.spread(), wall.spread());
      Sample.print(
          "RESULT name=null datoms=%d000000 ratio=%.2f datoms_per_cpu_second=%.0f",
          each, rate.median() / first, rate.median());
    }
  }

  private record Measured(double datomsPerCpuSecond, double datomsPerSecond) {}

  private static Measured measure(long datomCount) {
    try (TemporaryDatabase source = TemporaryDatabase.create();
        TemporaryDatabase real = TemporaryDatabase.create()) {
      new Workload(source.connection()).fill("shop", 0);
      EndlessShop shop =
          new EndlessShop(
              source.connection(), (int) (datomCount / EndlessShop.TRANSACTION_DATOM_COUNT));
      // its bootstrap, the installation, and what the source begins with
      IdDispenser target =
          new IdDispenser(
              real.connection(), real.connection().basisT() + 1 + source.connection().basisT() + 1);
      Cloning cloning = Cloning.with(shop);
      System.gc();
      var process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      long start = System.nanoTime();
      long cpuStart = process.getProcessCpuTime();
      long making = shop.makingNanos();
      long restored = 0;
      long endT = shop.endT();
      for (long t = 0; t < endT; ) { // not to the very end, where it would ask for more
        var segment =
            (RestoredSegment) cloning.restoreSegment("w", target, RestoreBenchmark.ONE_BY_ONE);
        restored += segment.datomCount();
        t = segment.range().endT();
      }
      making = shop.makingNanos() - making;
      double cpuSeconds = (process.getProcessCpuTime() - cpuStart - making) / 1e9;
      double seconds = (System.nanoTime() - start - making) / 1e9;
      return new Measured(restored / cpuSeconds, restored / seconds);
    }
  }
}
