package com.fulcrologic.datomiccloudbackup.cli;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.store.BackupStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Appends receipts while a backup is followed: when it has reached another t, and one a minute at
 * most. A failure is a warning, and the next attempt is a minute later. Thread-safe.
 */
final class FollowingReceipts implements CloningListener {
  private static final Duration PERIOD = Duration.ofMinutes(1);

  private final Cloning cloning;
  private final BackupStore receipts;
  private final Consumer<Problem> warn;
  private final Clock clock;
  private long reachedT = -1; // at the last success
  private Instant due = Instant.MIN;

  FollowingReceipts(Cloning cloning, BackupStore receipts, Consumer<Problem> warn, Clock clock) {
    this.cloning = cloning;
    this.receipts = receipts;
    this.warn = warn;
    this.clock = clock;
  }

  @Override
  public synchronized void backupReached(String name, SourcePoint point) {
    Instant now = clock.instant();
    if (point.t() == reachedT || now.isBefore(due)) {
      return;
    }
    due = now.plus(PERIOD);
    try {
      cloning.appendReceipt(name, receipts);
      reachedT = point.t();
    } catch (BackupException failed) {
      warn.accept(Problem.of(failed));
    }
  }
}
