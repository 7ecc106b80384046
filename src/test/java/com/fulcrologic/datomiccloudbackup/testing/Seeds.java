package com.fulcrologic.datomiccloudbackup.testing;

/** The seed of tests by chance: fixed in each build, another one each night, or the given one. */
public final class Seeds {
  private Seeds() {}

  /** {@code -Dseed}, or else the build's; printed, so that a failure can be repeated. */
  public static long seed(Class<?> test) {
    long seed = Long.getLong("seed", Long.getLong("random.seed", 20_261_127));
    System.out.println(test.getSimpleName() + ": -Dseed=" + seed);
    return seed;
  }
}
