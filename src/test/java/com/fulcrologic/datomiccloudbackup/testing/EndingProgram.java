package com.fulcrologic.datomiccloudbackup.testing;

import java.util.Arrays;
import java.util.List;

/**
 * Runs the {@code main} of another class, and ends with 9 where that leaves threads behind which
 * keep the process alive.
 */
public final class EndingProgram {
  /** Shorter than the minute after which idle threads of Clojure's agents end by themselves. */
  private static final long PATIENCE_MILLIS = 20_000;

  private EndingProgram() {}

  /** Arguments: the name of the class, and its own. */
  public static void main(String[] args) throws Exception {
    Object rest = Arrays.copyOfRange(args, 1, args.length);
    Class.forName(args[0]).getMethod("main", String[].class).invoke(null, rest);
    long end = System.currentTimeMillis() + PATIENCE_MILLIS;
    for (Thread thread : keepers()) {
      thread.join(Math.max(1, end - System.currentTimeMillis()));
    }
    if (!keepers().isEmpty()) {
      System.err.println("these threads keep the process alive: " + keepers());
      Runtime.getRuntime().halt(9);
    }
  }

  private static List<Thread> keepers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.isAlive() && !thread.isDaemon())
        .filter(thread -> thread != Thread.currentThread())
        .filter(thread -> !thread.getName().equals("DestroyJavaVM"))
        .toList();
  }
}
