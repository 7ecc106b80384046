package com.fulcrologic.datomiccloudbackup.internal.verify;

import com.fulcrologic.datomiccloudbackup.TxRange;
import com.fulcrologic.datomiccloudbackup.datomic.DatomicConnection;
import com.fulcrologic.datomiccloudbackup.internal.stored.StoredBackup;
import com.fulcrologic.datomiccloudbackup.verify.VerificationReport;
import com.fulcrologic.datomiccloudbackup.verify.VerifyOptions;

/**
 * Proves that two logs are equal, or reports their differences. Reads each log once, and writes
 * nothing. For a target that begins with a baseline, the source's log up to there is read twice,
 * and two states are sorted in temporary files, which are removed.
 *
 * <p>Only the map between the ids grows with the logs: by 1 to 10 bytes in memory for each restored
 * entity (see {@code docs/decisions}). If the map would take nearly all of the heap, the comparison
 * ends with an {@link com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException}
 * that states it.
 */
public final class Verification {
  private Verification() {}

  /** Compares a restored database with the backup that it was restored from. */
  public static VerificationReport ofRestored(
      StoredBackup backup, DatomicConnection target, VerifyOptions options) {
    return new RestoredComparison(
            new StoredLog(backup, /* isWhole= */ !options.prefixOnly()),
            ConnectionLog.toBasis(target, options.retryPolicy()),
            options)
        .run();
  }

  /** Compares a restored database with the live source, as of the source's basis at the call. */
  public static VerificationReport ofRestored(
      DatomicConnection source, DatomicConnection target, VerifyOptions options) {
    return new RestoredComparison(
            ConnectionLog.toBasis(source, options.retryPolicy()),
            ConnectionLog.toBasis(target, options.retryPolicy()),
            options)
        .run();
  }

  /** Compares a backup with the live source, up to the end of the backup. */
  public static VerificationReport ofStored(
      StoredBackup backup, DatomicConnection source, VerifyOptions options) {
    StoredLog stored = new StoredLog(backup, /* isWhole= */ true);
    long endT = stored.range().map(TxRange::endT).orElse(1L);
    return new StoredComparison(
            new ConnectionLog(
                source, options.retryPolicy(), endT, /* isToBasis= */ false, stored.redaction()),
            stored,
            options)
        .run();
  }
}
