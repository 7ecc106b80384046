package com.fulcrologic.datomiccloudbackup.bench;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * What something took.
 *
 * @param seconds all of it
 * @param pausedSeconds those in which everything stood still for the garbage collector
 */
record Took(double seconds, double pausedSeconds) {
  private static final List<GarbageCollectorMXBean> COLLECTORS =
      ManagementFactory.getGarbageCollectorMXBeans();

  double withoutPauses() {
    return seconds - pausedSeconds;
  }

  String text() {
    return Sample.format("%.2f s (%.2f s of it paused)", seconds, pausedSeconds);
  }

  /** Pauses since the process began. */
  static long pausedMillis() {
    long millis = 0;
    for (GarbageCollectorMXBean collector : COLLECTORS) {
      millis += collector.getCollectionTime();
    }
    return millis;
  }
}
