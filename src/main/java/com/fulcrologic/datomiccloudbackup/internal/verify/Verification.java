package com.fulcrologic.datomiccloudbackup.internal.verify;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.VerificationReport;
import com.fulcrologic.datomiccloudbackup.VerifyOptions;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;

/**
 * Proves that two logs are equal, or tells where they differ. Reads each of them once, and writes
 * nothing. Of the logs' lengths only the map between the ids grows in memory: by 1 to 10 bytes for
 * each restored entity (see {@code docs/decisions}). Where it would take nearly all of the heap,
 * the comparison ends with an {@link
 * com.fulcrologic.datomiccloudbackup.InvalidConfigurationException} that says so.
 */
public final class Verification {
  private Verification() {}

  /**
   * Holds a restored database against the backup that it was restored from.
   *
   * @throws com.fulcrologic.datomiccloudbackup.TargetNotRestorableException when the target says
   *     that it was restored from another backup, or another source
   * @throws com.fulcrologic.datomiccloudbackup.SegmentGapException when transactions are missing in
   *     the store
   */
  public static VerificationReport ofRestored(
      StoredBackup backup, DatomicConnection target, VerifyOptions options) {
    return new RestoredComparison(
            new StoredLog(backup), new ConnectionLog(target, options.retryPolicy()), options)
        .run();
  }

  /**
   * Holds a restored database against the live source, as of its basis at the call.
   *
   * @throws com.fulcrologic.datomiccloudbackup.TargetNotRestorableException when the target says
   *     that it was restored from another source
   */
  public static VerificationReport ofRestored(
      DatomicConnection source, DatomicConnection target, VerifyOptions options) {
    return new RestoredComparison(
            new ConnectionLog(source, options.retryPolicy()),
            new ConnectionLog(target, options.retryPolicy()),
            options)
        .run();
  }

  /**
   * Holds what is stored against the live source, as far as it is stored.
   *
   * @throws com.fulcrologic.datomiccloudbackup.ForeignSourceException when the backup belongs to
   *     another database
   * @throws com.fulcrologic.datomiccloudbackup.SegmentGapException when transactions are missing in
   *     the store
   */
  public static VerificationReport ofStored(
      StoredBackup backup, DatomicConnection source, VerifyOptions options) {
    StoredLog stored = new StoredLog(backup);
    long endT = stored.range().map(TxRange::endT).orElse(1L);
    return new StoredComparison(
            new ConnectionLog(source, options.retryPolicy(), endT), stored, options)
        .run();
  }
}
