package com.fulcrologic.datomiccloudbackup.jobs;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.datomic.AnomalyException;
import com.fulcrologic.datomiccloudbackup.exceptions.IncompleteBackupException;
import com.fulcrologic.datomiccloudbackup.exceptions.StoreException;

/** Separates failures that may pass by themselves from failures that need an operator. */
final class Faults {
  private Faults() {}

  static boolean mayPass(BackupException failure) {
    return failure instanceof StoreException
        || failure instanceof IncompleteBackupException
        || (failure instanceof AnomalyException anomaly && anomaly.anomaly().isTransient());
  }
}
