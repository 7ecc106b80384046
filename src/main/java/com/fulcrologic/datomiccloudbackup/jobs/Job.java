package com.fulcrologic.datomiccloudbackup.jobs;

/**
 * Work that continues until it is closed, or meets a fault that does not pass. A job runs once, in
 * a thread of the caller's choice. The caller must not interrupt that thread: an interrupt can
 * close Datomic Local's log.
 */
public sealed interface Job extends Runnable, AutoCloseable
    permits BackupJob, RestoreFollower, Replication {

  /**
   * Works until {@link #close}.
   *
   * @throws com.fulcrologic.datomiccloudbackup.BackupException when the job met a fault that does
   *     not pass by itself; the subclass shows what to do
   * @throws IllegalStateException when the job was run before
   */
  @Override
  void run();

  /**
   * Asks {@link #run} to end at the next point between two transactions, or segments, and waits for
   * the end, for at most {@link JobOptions#closeWaitMax}. Interrupts no thread. Any thread may call
   * this at any time, and again; a job that is closed before it is run ends at once.
   */
  @Override
  void close();
}
