package com.fulcrologic.datomiccloudbackup.testing;

/** The threads that the library has begun, by their names. */
public final class LibraryThreads {
  /** How the names of those begin that fetch a segment ahead. */
  public static final String FETCHING = "datomic-cloud-backup-next-";

  private static final long PATIENCE_MILLIS = 60_000;

  private LibraryThreads() {}

  /** Waits until those end that fetch a segment ahead; a minute, and then it fails. */
  public static void awaitFetching() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith(FETCHING)) {
        thread.join(PATIENCE_MILLIS);
        if (thread.isAlive()) {
          throw new AssertionError(thread.getName() + " does not end");
        }
      }
    }
  }
}
