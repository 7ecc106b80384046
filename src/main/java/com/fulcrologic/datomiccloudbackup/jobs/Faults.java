package com.fulcrologic.datomiccloudbackup.jobs;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.StoreException;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;

/** Which failures may pass by themselves, and which need somebody. */
final class Faults {
  private Faults() {}

  static boolean mayPass(BackupException failure) {
    return failure instanceof StoreException
        || failure instanceof IncompleteBackupException
        || (failure instanceof AnomalyException anomaly && anomaly.anomaly().isTransient());
  }
}
