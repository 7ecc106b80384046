package com.fulcrologic.datomiccloudbackup;

import java.time.Instant;
import java.util.Optional;

/** The result of one call of {@code backupNextSegment}. */
public sealed interface BackupOutcome {

  /**
   * A segment that is in the store, durably.
   *
   * @param range its t: from the requested start to just after its last transaction
   * @param transactionCount its transactions; at least 1
   * @param datomCount their datoms
   * @param size its stored bytes
   * @param firstInstant the date of its first dated transaction
   * @param lastInstant the date of its last dated transaction
   */
  record BackedUpSegment(
      TxRange range,
      int transactionCount,
      long datomCount,
      long size,
      Optional<Instant> firstInstant,
      Optional<Instant> lastInstant)
      implements BackupOutcome {}

  /**
   * Everything up to the source's basis is stored already.
   *
   * @param basisT the source's basis t at the call
   */
  record NothingNewToBackUp(long basisT) implements BackupOutcome {}
}
