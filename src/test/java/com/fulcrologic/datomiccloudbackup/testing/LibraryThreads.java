package com.fulcrologic.datomiccloudbackup.testing;

/** The threads that the library has begun, by their names. */
public final class LibraryThreads {
  private LibraryThreads() {}

  /** Waits until those end that fetch a segment ahead. */
  public static void awaitFetching() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("datomic-cloud-backup-next-")) {
        thread.join();
      }
    }
  }
}
