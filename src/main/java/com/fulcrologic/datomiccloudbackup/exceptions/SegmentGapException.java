package com.fulcrologic.datomiccloudbackup.exceptions;

import com.fulcrologic.datomiccloudbackup.BackupException;
import com.fulcrologic.datomiccloudbackup.TxRange;

/**
 * Transactions that the restore needs next are not in the store. Nothing of them was transacted.
 */
public final class SegmentGapException extends BackupException {
  private static final long serialVersionUID = 1L;

  private final transient TxRange missing;

  public SegmentGapException(String message, String hint, TxRange missing) {
    super(message, hint);
    this.missing = missing;
  }

  /** The missing range: nothing in it is stored. */
  public TxRange missing() {
    return missing;
  }
}
