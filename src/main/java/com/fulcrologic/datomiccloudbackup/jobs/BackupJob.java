package com.fulcrologic.datomiccloudbackup.jobs;

import com.fulcrologic.datomiccloudbackup.BackedUpSegment;
import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.BackupOutcome;
import com.fulcrologic.datomiccloudbackup.Cloning;
import com.fulcrologic.datomiccloudbackup.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.Lag;
import com.fulcrologic.datomiccloudbackup.NothingNewToBackUp;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.datomic.Basis;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Backs up whatever a living source gets, segment after segment, until it is closed. A fault that
 * may pass (busy, unavailable, the store out of order) makes it wait and try the same segment
 * again; any other ends it. While the source has nothing new, a poll asks the source for its basis,
 * and the store for nothing.
 *
 * <p>Tells {@link Cloning#listener} of segments, retries and lag.
 */
public final class BackupJob implements Job {
  private final Cloning cloning;
  private final String name;
  private final DatomicConnection source;
  private final int transactionCountMax;
  private final Loop loop;

  /**
   * A job that does nothing before it is run.
   *
   * @param name the backup's name in the store
   * @param transactionCountMax transactions in a segment at most; at least 1
   */
  public BackupJob(
      Cloning cloning,
      String name,
      DatomicConnection source,
      int transactionCountMax,
      JobOptions options) {
    this.cloning = cloning;
    this.name = name;
    this.source = source;
    this.transactionCountMax = transactionCountMax;
    this.loop = new Loop(name, cloning.listener(), options);
  }

  @Override
  public void run() {
    loop.run(new NextSegment());
  }

  @Override
  public void close() {
    loop.stop();
  }

  /** Used by the thread that runs, alone. */
  private final class NextSegment implements Loop.Step {
    private long basisSeenT = -1;
    private @Nullable SourcePoint reached;
    private boolean hasAll; // that the source held a moment ago

    @Override
    public boolean take() {
      hasAll = false; // nobody knows, should this fail
      long basisT = source.basisT();
      if (basisT < basisSeenT) {
        basisT = Basis.atLeast(source, basisSeenT);
        requireNotBehind(basisT);
      }
      if (basisT == basisSeenT) {
        hasAll = true;
        return false;
      }
      BackupOutcome outcome =
          cloning.backupNextSegment(name, source, transactionCountMax, Loop.STEP_RETRY_POLICY);
      if (outcome instanceof BackedUpSegment segment) {
        reached = Points.at(source, segment.range().endT() - 1);
        return true;
      }
      if (outcome instanceof NothingNewToBackUp nothing) {
        reached = Points.at(source, nothing.basisT());
        basisSeenT = nothing.basisT();
        hasAll = true;
      }
      return false;
    }

    private void requireNotBehind(long basisT) {
      if (basisT < basisSeenT) {
        throw new IncompleteBackupException(
            "Failed to back up under "
                + name
                + ": the source is behind: its basis is t "
                + basisT
                + ", and was t "
                + basisSeenT,
            "the job tries again; if the source was reset or restored to an earlier t, back it up"
                + " under another name");
      }
    }

    @Override
    public void tellLag() {
      SourcePoint known = reached;
      if (known != null) {
        cloning.listener().backupReached(name, known);
        cloning
            .listener()
            .backupLag(
                name, hasAll ? Lag.NONE : Lag.between(Points.newest(source), Optional.of(known)));
      }
    }

    @Override
    public boolean mayPass(BackupException failure) {
      return Faults.mayPass(failure);
    }
  }
}
