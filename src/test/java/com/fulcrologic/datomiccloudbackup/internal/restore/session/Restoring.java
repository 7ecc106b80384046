package com.fulcrologic.datomiccloudbackup.internal.restore.session;

import com.fulcrologic.datomiccloudbackup.RestoreOptions;
import com.fulcrologic.datomiccloudbackup.RestoreOutcome;
import com.fulcrologic.datomiccloudbackup.RestorePlan;
import com.fulcrologic.datomiccloudbackup.SourcePoint;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.internal.restore.baseline.BatchSizes;
import com.fulcrologic.datomiccloudbackup.internal.restore.ids.IdMap;
import com.fulcrologic.datomiccloudbackup.internal.restore.target.Claiming;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import java.util.Optional;

/** A caller of {@code restoreSegment} in a process of its own: its calls share what they can. */
final class Restoring {
  private final StoredBackup backup;
  private final int idCountMax;
  private final int datomCountMax;
  private final BatchSizes batchSizes;
  private final OpenRestores restores = new OpenRestores();

  Restoring(StoredBackup backup) {
    this(backup, IdMap.SIZE_MAX, TransactionSteps.DATOM_COUNT_MAX);
  }

  Restoring(StoredBackup backup, int idCountMax, int datomCountMax) {
    this(backup, idCountMax, datomCountMax, BatchSizes.OF_FORMAT);
  }

  Restoring(StoredBackup backup, int idCountMax, int datomCountMax, BatchSizes batchSizes) {
    this.batchSizes = batchSizes;
    this.backup = backup;
    this.idCountMax = idCountMax;
    this.datomCountMax = datomCountMax;
  }

  RestoreOutcome restoreSegment(DatomicConnection target, RestoreOptions options) {
    return restore(target, options).next(options.listener());
  }

  RestoreOutcome pollSegment(DatomicConnection target, RestoreOptions options) {
    return restore(target, options).poll(options.listener());
  }

  RestorePlan plan(DatomicConnection target, RestoreOptions options) {
    return restore(target, options).plan();
  }

  RestorePlan plan(RestoreOptions options) {
    return new Planner(backup, options).planForEmptyTarget();
  }

  Optional<SourcePoint> restoredThrough(DatomicConnection target) {
    return new Claiming(target, RestoreFixture.AT_ONCE).restored(backup.name());
  }

  private Restore restore(DatomicConnection target, RestoreOptions options) {
    return restores.get(
        backup.name(),
        target,
        options,
        () -> new Restore(backup, target, options, false, idCountMax, datomCountMax, batchSizes));
  }
}
