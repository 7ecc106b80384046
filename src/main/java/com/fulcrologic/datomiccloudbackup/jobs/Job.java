package com.fulcrologic.datomiccloudbackup.jobs;

/**
 * Work that goes on until it is closed, or meets a fault that does not pass. To be run once, in a
 * thread of the caller's choice, which must not be interrupted: an interrupt can close Datomic
 * Local's log.
 */
public sealed interface Job extends Runnable, AutoCloseable
    permits BackupJob, RestoreFollower, Replication {

  /**
   * Works until {@link #close}.
   *
   * @throws com.fulcrologic.datomiccloudbackup.BackupException of the subclass that tells what to
   *     do, when it met a fault that does not pass by itself
   * @throws IllegalStateException when it was run before
   */
  @Override
  void run();

  /**
   * Asks {@link #run} to end at the next point between two transactions, or segments, and waits for
   * it, as long as {@link JobOptions#closeWaitMax} says. Interrupts nobody. May be called from any
   * thread, at any time, and again; a job that is closed before it is run ends at once.
   */
  @Override
  void close();
}
