package com.fulcrologic.datomiccloudbackup.metrics;

import com.fulcrologic.datomiccloudbackup.BackupOptions;
import com.fulcrologic.datomiccloudbackup.BackupOutcome.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.CloningListener;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.store.MemoryBackupStore;
import com.fulcrologic.datomiccloudbackup.testing.LocalSystem;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A user with a listener of his own, as {@link WithoutMicrometerTest} loads it. */
public final class WithoutMicrometer {
  private WithoutMicrometer() {}

  /** Backs a database up, and tells what the listener was told: its transactions. */
  public static String use() {
    DatomicConnection source = LocalSystem.inMemory().newDatabase();
    AtomicLong count = new AtomicLong();
    CloningListener listener =
        new CloningListener() {
          @Override
          public void backedUp(String name, BackedUpSegment segment, Duration duration) {
            count.addAndGet(segment.transactionCount());
          }
        };
    Cloning.with(new MemoryBackupStore())
        .withListener(listener)
        .backup("a", source, BackupOptions.DEFAULTS);
    return count + " of " + (source.basisT() + 1);
  }
}
