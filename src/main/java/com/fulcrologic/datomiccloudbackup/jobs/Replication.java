package com.fulcrologic.datomiccloudbackup.jobs;

import com.fulcrologic.datomiccloudbackup.internal.tools.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Keeps a target close behind a live source, through a store. A backup and a restore run each at
 * its own pace, the backup in its own thread. When one of them ends, the other ends too.
 */
public final class Replication implements Job {
  private static final DaemonThreads THREADS = new DaemonThreads("replication");

  private final BackupJob backup;
  private final RestoreFollower follower;
  private final Duration closeWaitMax;

  /**
   * A replication that does nothing before it is run.
   *
   * @param closeWaitMax how long the end of one half waits for the end of the other
   */
  public Replication(BackupJob backup, RestoreFollower follower, Duration closeWaitMax) {
    this.backup = backup;
    this.follower = follower;
    this.closeWaitMax = closeWaitMax;
  }

  @Override
  public void run() {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread = THREADS.newThread(() -> runBackup(failure));
    thread.start();
    try {
      follower.run();
    } finally {
      backup.close();
      join(thread);
    }
    Throwable failed = failure.get();
    if (failed instanceof Error error) {
      throw error;
    }
    if (failed instanceof RuntimeException exception) {
      throw exception;
    }
  }

  @Override
  public void close() {
    backup.close();
    follower.close();
  }

  private void runBackup(AtomicReference<Throwable> failure) {
    try {
      backup.run();
    } catch (RuntimeException | Error failed) { // thrown by run, in the caller's thread
      failure.set(failed);
    } finally {
      follower.close();
    }
  }

  private void join(Thread thread) {
    try {
      thread.join(Math.max(1, closeWaitMax.toMillis()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
