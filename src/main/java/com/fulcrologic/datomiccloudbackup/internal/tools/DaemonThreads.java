package com.fulcrologic.datomiccloudbackup.internal.tools;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes numbered threads that do not keep a process alive, named for their work. Thread-safe. */
public final class DaemonThreads implements ThreadFactory {
  private static final String LIBRARY = "datomic-cloud-backup-";

  private final AtomicInteger number = new AtomicInteger();
  private final String namePrefix;

  /** The work is the part of the names that differs, as in {@code call}. */
  public DaemonThreads(String work) {
    this.namePrefix = LIBRARY + work + "-";
  }

  @Override
  public Thread newThread(Runnable work) {
    Thread thread = new Thread(work, namePrefix + number.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
