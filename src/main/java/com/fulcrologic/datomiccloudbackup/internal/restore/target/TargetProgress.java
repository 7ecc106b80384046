package com.fulcrologic.datomiccloudbackup.internal.restore.target;

import com.fulcrologic.datomiccloudbackup.RetryPolicy;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.datomic.Datom;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection.Index;
import com.fulcrologic.datomiccloudbackup.datomic.Retries;
import com.fulcrologic.datomiccloudbackup.datomic.View;
import com.fulcrologic.datomiccloudbackup.internal.log.Bookkeeping;
import com.fulcrologic.datomiccloudbackup.internal.log.TransactionDates;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** The last restored source transaction of a target, from the target alone. */
public final class TargetProgress {
  private final DatomicConnection target;
  private final RetryPolicy retryPolicy;

  public TargetProgress(DatomicConnection target, RetryPolicy retryPolicy) {
    this.target = target;
    this.retryPolicy = retryPolicy;
  }

  /**
   * The last restored source transaction; empty when the target was not begun, or nothing is
   * restored yet.
   *
   * @param backupName the backup that the target must have been begun from
   */
  public Optional<SourcePoint> restored(String backupName) {
    TargetInspector inspector = new TargetInspector(target, retryPolicy);
    Optional<Claim> claim = inspector.claim();
    if (claim.isEmpty()) {
      return Optional.empty();
    }
    claim.get().requireBackup(backupName);
    TargetPosition position = inspector.position();
    return position.isNothingRestored()
        ? Optional.empty()
        : Optional.of(new SourcePoint(position.sourceT(), dateOf(position.sourceT())));
  }

  /** A restored transaction keeps the date that it has in the source. */
  private Instant dateOf(long sourceT) {
    return Retries.whileTransient(
        retryPolicy,
        () -> {
          try (Stream<Datom> restored =
              target.datoms(View.CURRENT, Index.AVET, Bookkeeping.SOURCE_T, sourceT)) {
            return restored
                .findFirst()
                .map(datom -> TransactionDates.of(target, datom.e()))
                .orElse(Instant.EPOCH);
          }
        });
  }
}
